#!/bin/sh
# Fetch three trees that hold no secret: what a Debian, a site-packages and a node_modules bring along.
#
#     sh benchmarks/secret_trees.sh FOLDER      (3 GB; needs debootstrap, pip and npm)
set -eu
mkdir -p "$1/site-packages" "$1/node_modules"
cd "$1"
[ -d debian/usr ] || debootstrap --variant=minbase \
    --include=python3,perl,openssl,nginx,postgresql-common,ca-certificates,git,curl stable debian
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --target site-packages \
    django boto3 cryptography requests google-cloud-storage google-cloud-bigquery azure-identity \
    azure-storage-blob azure-keyvault-secrets azure-servicebus ansible-core sqlalchemy notebook \
    paramiko pyjwt twilio stripe slack-sdk openai anthropic huggingface-hub flask celery redis \
    pymongo psycopg2-binary pandas scikit-learn sentry-sdk docker kubernetes moto scrapy
cd node_modules
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent \
    aws-sdk firebase stripe octokit next webpack firebase-admin @slack/web-api twilio jsonwebtoken \
    passport express mongoose mysql2 pg typeorm @azure/identity @aws-sdk/client-s3 eslint typescript \
    jest discord.js openai node-forge
