from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.secret_names import is_secret, is_weak, masked, secret_names

NONE = [
    "GPG_KEY=A035C8C1",
    "PYTHON_SHA256=abcdef",
    "RABBITMQ_PGP_KEY_ID=0x1",
    "OPENSSL_SOURCE_SHA256=abc",
    "GOTOOLCHAIN=local",
    "PGDATA=/var",
    "TOMCAT_SHA512=a",
    "GPG_KEYS=AB",
    "PHP_ASC_URL=https://x",
    "JENKINS_UC=x",
    "COMPOSER_ALLOW_SUPERUSER=1",
    "KEYCLOAK_VERSION=1",
    "TOKENIZERS_PARALLELISM=false",
    "NGINX_GPGKEY_PATH=/x",
    "SSH_AUTH_SOCK=/x",
    "DOCKER_TLS_CERTDIR=/certs",
    "ASPNETCORE_URLS=http://+:80",
    "SECRET_PROVIDER_CLASS=x",
    "PASSWORDLESS=yes",
    "PASS_THROUGH=1",
    "PATH=/usr/bin",
    "PASSENGER_APP_ENV=prod",
    "KEY_VAULT_NAME=abc",
    "AUTHOR=me",
    "TOKENIZER=gpt2",
    "MAX_TOKENS=4096",
    "NEXT_PUBLIC_API_KEY=abcd",
    "PASSWORD_MIN_LENGTH=8",
    "PATTERN=abc",
    "PASSWORD_RESET_TIMEOUT=60",
    "ACCESS_TOKEN_EXPIRE_MINUTES=30",
    "COMPASS=n",
    "JWT_ALGORITHM=HS256",
    "SECRETS_DIR=/x",
    "API_TOKEN_HEADER=X-T",
    "APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1",
    "DSN=/x",
    "OLDPWD=/tmp",
    "DB_PASSWORD=${DB_PASSWORD}",
    "DB_PASSWORD=$(cat",
    "x)",
    "DB_PASSWORD=<yours>",
    "DB_PASSWORD=",
    "API_KEY=xxxx",
    "DB_PASSWORD=/run/secrets/db",
    "DATABASE_URL=postgres://app:${PW}@db/app",
    "URL=https://example.com/a",
]
SECRETS = [
    "DB_PASSWORD=h2x",
    "MYSQL_ROOT_PASSWORD=rpw",
    "AWS_SECRET_ACCESS_KEY=wJ",
    "NPM_TOKEN=n1",
    "SECRET_KEY_BASE=abc",
    "DJANGO_SECRET_KEY=abc",
    "API_KEY=abc",
    "OPENAI_API_KEY=sk1",
    "JWT_SECRET=abc",
    "STRIPE_SECRET=sk1",
    "REDIS_PASS=abc",
    "dbPassword=abc",
    "spring.datasource.password=abc",
    "ENCRYPTION_KEY=abc",
    "PGPASSWORD=abc",
    "GITHUB_TOKEN=x1",
    "SMTP_PWD=ab",
    "AZURE_CLIENT_SECRET=x1",
    "GITHUB_PAT=x1",
    "CONNECTION_STRING=Server=x",
    "LICENSE_KEY=abc",
    "DATABASE_URL=postgres://app:pw1@db/app",
]


def pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


@pytest.mark.parametrize("setting", NONE)
def test_what_official_images_and_settings_have_is_no_secret(setting: str) -> None:
    assert not is_secret(*pair(setting))


@pytest.mark.parametrize("setting", SECRETS)
def test_secrets_are_told_by_their_names(setting: str) -> None:
    assert is_secret(*pair(setting))
    assert secret_names(dict([pair(setting)])) == [pair(setting)[0]]


def test_weak_passwords() -> None:
    assert is_weak(" Postgres ")
    assert not is_weak("correct-horse")


def test_values_are_taken_out_of_a_line() -> None:
    line = "make NPM_TOKEN=abc X=1 DB_PASSWORD='a b' && curl https://me:pw12@example.com/x"
    assert masked(line) == (
        "make NPM_TOKEN=*** X=1 DB_PASSWORD=*** && curl https://me:***@example.com/x"
    )


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(masked(text), str)
    is_secret(text, text)
