"""Keepers of secrets: Vault, Terraform, Consul, Pulumi, Doppler, 1Password, Bitwarden and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered, starts
from pratique.secrets.shapes import UUID, assigned, token

vault = SecretRule(
    "hashicorp-vault-token",
    "HashiCorp",
    "Token of Vault: the secrets that its policies allow",
    "CRITICAL",
    token("hv[sbr][.][A-Za-z0-9_-]{24,300}", end="A-Za-z0-9_-"),
    keywords=("hvs.", "hvb.", "hvr."),
    holds=genuine,
    least_entropy=3.8,
)
vault_old = SecretRule(
    "hashicorp-vault-token-legacy",
    "HashiCorp",
    "Token of Vault of before 1.10",
    "CRITICAL",
    assigned(
        "vault[A-Za-z_.-]{0,12}token|x-vault-token", "[sbr][.][A-Za-z0-9]{24}", end="A-Za-z0-9_-"
    ),
    keywords=("vault",),
    holds=genuine,
    least_entropy=3.5,
)
vault_unseal = SecretRule(
    "hashicorp-vault-unseal-key",
    "HashiCorp",
    "Unseal or recovery key of Vault",
    "CRITICAL",
    r"(?i:unseal|recovery)(?i:[ _-]?key)[ _]{0,1}[0-9]{0,2}[\"']?[ ]{0,2}[:=][ ]{0,2}[\"']?(?P<secret>[A-Za-z0-9+/]{43,44}={0,1}|[0-9a-f]{64,66})(?:$|[^A-Za-z0-9+/=])",
    keywords=("unseal", "recovery"),
    holds=numbered,
    least_entropy=3.5,
)
terraform = SecretRule(
    "hashicorp-tf-api-token",
    "HashiCorp",
    "API token of HCP Terraform: workspaces, their state and variables",
    "HIGH",
    token("[A-Za-z0-9]{14}[.]atlasv1[.][A-Za-z0-9_=-]{60,70}", end="A-Za-z0-9_=-"),
    keywords=(".atlasv1.",),
    holds=genuine,
    least_entropy=4.2,
)
consul = SecretRule(
    "hashicorp-consul-token",
    "HashiCorp",
    "Token of Consul or Nomad",
    "HIGH",
    assigned("(?:consul|nomad)[A-Za-z_.-]{0,12}token|x-(?:consul|nomad)-token", UUID),
    keywords=("consul", "nomad"),
    holds=genuine,
    least_entropy=3.0,
)
gossip = SecretRule(
    "hashicorp-gossip-key",
    "HashiCorp",
    "Gossip key of Consul, Nomad or Serf: joins the cluster",
    "HIGH",
    r"(?:^|[ \t\r\n{,])[\"']?encrypt[\"']?[ ]{0,4}[=:][ ]{0,4}\"(?P<secret>[A-Za-z0-9+/]{43}=)\"",
    keywords=("encrypt",),
    holds=numbered,
    least_entropy=4.2,
)
pulumi = SecretRule(
    "pulumi-api-token",
    "Pulumi",
    "Access token of Pulumi Cloud: stacks, their state and secrets",
    "HIGH",
    token("pul-[0-9a-f]{40}"),
    keywords=("pul-",),
    holds=genuine,
    least_entropy=3.3,
)
doppler = SecretRule(
    "doppler-api-token",
    "Doppler",
    "Token of Doppler: the secrets of its projects",
    "HIGH",
    token(
        "dp[.](?:audit|ct|pt|scim|sa)[.][A-Za-z0-9]{40,44}|dp[.]st[.](?:[a-z0-9_-]{2,35}[.])?[A-Za-z0-9]{40,44}"
    ),
    keywords=("dp.",),
    holds=genuine,
    least_entropy=4.0,
)
one_password = SecretRule(
    "1password-service-account-token",
    "1Password",
    "Token of a service account of 1Password: the secrets of its vaults",
    "CRITICAL",
    token("ops_eyJ[A-Za-z0-9+/_-]{250,1500}={0,3}", end="A-Za-z0-9+/_="),
    keywords=("ops_eyj",),
    holds=lambda secret: starts(b'{"')(secret[4:]),
)
one_password_key = SecretRule(
    "1password-secret-key",
    "1Password",
    "Secret key of a 1Password account (of use with its password)",
    "HIGH",
    token(
        "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
        end="A-Za-z0-9_-",
    ),
    keywords=("a3-",),
    holds=genuine,
    least_entropy=3.5,
)
bitwarden = SecretRule(
    "bitwarden-access-token",
    "Bitwarden",
    "Access token of Bitwarden Secrets Manager: the secrets of its projects",
    "CRITICAL",
    token(rf"0[.]{UUID}[.][A-Za-z0-9]{{30}}:[A-Za-z0-9+/]{{22}}==", end="A-Za-z0-9+/="),
    keywords=("0.",),
    holds=genuine,
    least_entropy=4.2,
)
bitwarden_client = SecretRule(
    "bitwarden-client-secret",
    "Bitwarden",
    "API key of a Bitwarden account (of use with its client id)",
    "HIGH",
    assigned("(?:bw|bitwarden)[_.-]?client[_.-]?secret", "[A-Za-z0-9]{30}"),
    keywords=("bw", "bitwarden"),
    holds=numbered,
    least_entropy=3.9,
)
infisical = SecretRule(
    "infisical-service-token",
    "Infisical",
    "Service token of Infisical: the secrets of a project",
    "HIGH",
    token("st[.][0-9a-f]{24}[.][0-9a-f]{32}[.][0-9a-f]{32}"),
    keywords=("st.",),
    holds=genuine,
    least_entropy=3.5,
)
akeyless = SecretRule(
    "akeyless-access-key",
    "Akeyless",
    "Access key of Akeyless",
    "HIGH",
    assigned("akeyless[A-Za-z_.-]{0,10}access[_.-]?key", "[A-Za-z0-9+/]{43}=", end="A-Za-z0-9+/="),
    keywords=("akeyless",),
    holds=numbered,
    least_entropy=4.2,
)
ansible_vault = SecretRule(
    "ansible-vault-password",
    "Ansible",
    "Password file of Ansible Vault: opens everything encrypted with it",
    "HIGH",
    r"^[\r\n \t]{0,8}(?P<secret>[!-\"$-~][!-~]{7,120})[\r\n]{0,4}$",
    paths=(
        ".vault_pass",
        ".vault-pass",
        ".vault_pass.txt",
        ".vault_password",
        ".vault-password",
        "vault_pass",
        "vault_pass.txt",
        "vault-password.txt",
        "vault_password.txt",
        "vault_password_file",
        ".ansible_vault_password",
        "vaultpass",
        ".vaultpass",
    ),
    holds=genuine,
    least_entropy=2.5,
)
