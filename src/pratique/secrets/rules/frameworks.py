"""Keys of web frameworks and applications: Django, Rails, Laravel, Symfony, WordPress and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, is_password, numbered
from pratique.secrets.shapes import assigned

django = SecretRule(
    "django-secret-key",
    "Django",
    "Secret key of Django or Flask: makes sessions and signed values",
    "HIGH",
    r"""(?:^|[^A-Za-z0-9_])(?:DJANGO_|FLASK_)?(?:SECRET_KEY|secret_key)(?:["']?\]?)[ \t]{0,4}[=:,][ \t]{0,4}["'](?P<secret>[^"'\r\n ]{32,120})["']""",
    keywords=("secret_key",),
    holds=numbered,
    least_entropy=3.6,
)
rails = SecretRule(
    "rails-secret-key-base",
    "Rails",
    "Secret key base of Rails: makes sessions, runs code in old releases",
    "HIGH",
    assigned("secret[_-]?(?:key[_-]?base|token)", "[0-9a-f]{64,128}", between=0),
    keywords=("secret",),
    holds=genuine,
    least_entropy=3.4,
)
phoenix = SecretRule(
    "phoenix-secret-key-base",
    "Phoenix",
    "Secret key base of Phoenix: makes sessions",
    "HIGH",
    assigned("secret[_-]?key[_-]?base", "[A-Za-z0-9+/]{64}", end="A-Za-z0-9+/=", between=0),
    keywords=("secret",),
    holds=lambda secret: numbered(secret) and not secret.islower(),
    least_entropy=4.4,
)
rails_master = SecretRule(
    "rails-master-key",
    "Rails",
    "Master key of Rails: opens its encrypted credentials",
    "HIGH",
    assigned("rails[_-]?master[_-]?key", "[0-9a-f]{32}", between=0),
    keywords=("rails",),
    holds=numbered,
    least_entropy=3.1,
)
rails_master_file = SecretRule(
    "rails-master-key-file",
    "Rails",
    "Master key of Rails: opens its encrypted credentials",
    "HIGH",
    r"^(?P<secret>[0-9a-f]{32})[\r\n]{0,2}$",
    paths=(
        "config/master.key",
        "config/credentials/production.key",
        "config/credentials/staging.key",
        "config/credentials/development.key",
    ),
    holds=numbered,
    least_entropy=3.0,
)
laravel = SecretRule(
    "laravel-app-key",
    "Laravel",
    "Application key of Laravel: makes sessions, runs code in old releases",
    "HIGH",
    r"""(?:APP_KEY|app_key|'key')["']?[ \t]{0,3}(?:=>?|:|,)[ \t]{0,3}["']?(?P<secret>base64:(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==))""",
    keywords=("base64:",),
    holds=genuine,
    least_entropy=3.8,
)
symfony_default = SecretRule(
    "symfony-default-secret",
    "Symfony",
    "The secret of Symfony or eZ Platform that everybody knows",
    "HIGH",
    "(?P<secret>ThisTokenIsNotSoSecret|ThisEzPlatformTokenIsNotSoSecret)(?:_Please)?ChangeIt",
    keywords=("tokenisnotsosecret",),
)
symfony = SecretRule(
    "symfony-app-secret",
    "Symfony",
    "Secret of Symfony: makes signed addresses and tokens",
    "HIGH",
    assigned("app[_-]?secret", "[0-9a-f]{32,64}", between=0),
    keywords=("app",),
    holds=numbered,
    least_entropy=3.1,
)
wordpress = SecretRule(
    "wordpress-salt",
    "WordPress",
    "Key or salt of WordPress: makes sessions of any user",
    "HIGH",
    r"""(?:AUTH|SECURE_AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)["'][ \t]{0,3},[ \t]{0,24}["'](?P<secret>[^"'\r\n]{48,120})["']""",
    keywords=("_key", "_salt"),
    holds=numbered,
    least_entropy=4.2,
)
wordpress_database = SecretRule(
    "wordpress-database-password",
    "WordPress",
    "Password of WordPress's database",
    "HIGH",
    r"""define\([ \t]{0,3}["']DB_PASSWORD["'][ \t]{0,3},[ \t]{0,3}["'](?P<secret>[^"'\r\n]{4,120})["']""",
    keywords=("db_password",),
    holds=is_password,
)
drupal = SecretRule(
    "drupal-hash-salt",
    "Drupal",
    "Hash salt of Drupal: makes links that sign in",
    "HIGH",
    r"""(?:\[["']hash_salt["']\]|drupal_hash_salt)[ \t]{0,3}=[ \t]{0,3}["'](?P<secret>[A-Za-z0-9_-]{32,100})["']""",
    keywords=("hash_salt",),
    holds=numbered,
    least_entropy=4.0,
)
joomla = SecretRule(
    "joomla-configuration-secret",
    "Joomla",
    "Secret or password in Joomla's configuration",
    "HIGH",
    r"""(?:public|var)[ \t]{1,3}[$](?:secret|password|smtppass|ftp_pass|redis_server_auth)[ \t]{0,3}=[ \t]{0,3}["'](?P<secret>[^"'\r\n]{6,120})["']""",
    keywords=("$secret", "$password", "$smtppass", "$ftp_pass", "$redis_server_auth"),
    paths=("configuration.php", "configuration.php-dist", "configuration.php.bak"),
    holds=is_password,
    least_entropy=2.5,
)
magento = SecretRule(
    "magento-crypt-key",
    "Magento",
    "Encryption key of Magento: opens what its database encrypts",
    "HIGH",
    r"""["']crypt["'][ \t]{0,3}=>[ \t]{0,3}(?:\[|array[ \t]?\()[ \t\r\n]{0,24}["']key["'][ \t]{0,3}=>[ \t]{0,3}["'](?P<secret>[0-9a-f]{32}|base64[A-Za-z0-9+/]{43}=)["']""",
    keywords=("'key'", '"key"', "crypt"),
    holds=numbered,
    least_entropy=3.1,
)
asp_net = SecretRule(
    "aspnet-machine-key",
    "ASP.NET",
    "Machine key of ASP.NET: makes sessions, runs code",
    "HIGH",
    r"""(?i:<machineKey)[^<>]{0,300}(?i:decryptionKey|validationKey)="(?P<secret>[0-9A-Fa-f]{40,128})[,"]""",
    keywords=("machinekey",),
    holds=numbered,
    least_entropy=3.2,
)
next_auth = SecretRule(
    "nextauth-secret",
    "NextAuth",
    "Secret of NextAuth or Auth.js: makes sessions of any user",
    "HIGH",
    assigned(
        "(?:next|better)?[_-]?auth[_-]?secret",
        "[A-Za-z0-9+/_-]{32,64}={0,2}",
        end="A-Za-z0-9+/_=-",
        between=0,
    ),
    keywords=("auth",),
    holds=numbered,
    least_entropy=3.4,
)
signing = SecretRule(
    "jwt-signing-secret",
    "JWT signing",
    "Secret that signs JSON Web Tokens: makes tokens of any user",
    "HIGH",
    assigned(
        "jwt[_.-]?(?:[a-z]{1,8}[_.-]?)?(?:secret|signing|private|key)",
        "[A-Za-z0-9+/_.!@#$%^&*-]{20,128}={0,2}",
        end="A-Za-z0-9+/_=-",
    ),
    keywords=("jwt",),
    holds=numbered,
    least_entropy=3.5,
)
