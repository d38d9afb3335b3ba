"""Files that hold credentials: .netrc, .pgpass, .my.cnf, .npmrc, .pypirc, .git-credentials and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import decoded, genuine, is_basic, is_password


def _encodes(secret: str) -> bool:
    """Tell that base 64 stands for a password, or that a text that is none is one."""
    return is_password(decoded(secret).decode("latin-1") or secret)


netrc = SecretRule(
    "netrc-password",
    "netrc",
    "Password of a host in .netrc",
    "HIGH",
    r"(?:^|[ \t\r\n])(?:machine[ \t\r\n]{1,8}[^ \t\r\n]{1,200}|default)[ \t\r\n]{1,24}(?:login[ \t\r\n]{1,8}[^ \t\r\n]{1,200}[ \t\r\n]{1,24})?password[ \t\r\n]{1,8}(?P<secret>[^ \t\r\n]{4,400})",
    keywords=("password",),
    paths=(".netrc", "_netrc", "netrc"),
    holds=is_password,
)
pgpass = SecretRule(
    "pgpass-password",
    "PostgreSQL",
    "Password of a database in .pgpass",
    "HIGH",
    r"(?:^|[\r\n])[^:#\r\n]{1,200}:[0-9*]{1,5}:[^:\r\n]{1,80}:[^:\r\n]{1,80}:(?P<secret>[^\r\n]{4,200})",
    keywords=(":",),
    paths=(".pgpass", "pgpass", "pgpass.conf"),
    holds=is_password,
)
my_cnf = SecretRule(
    "mysql-option-file-password",
    "MySQL",
    "Password of a database in MySQL's option file",
    "HIGH",
    r"(?:^|[\r\n])[ \t]{0,8}password[ \t]{0,4}=[ \t]{0,4}[\"']?(?P<secret>[^\r\n\"']{4,120})",
    keywords=("password",),
    paths=(".my.cnf", "my.cnf", "debian.cnf", ".mylogin.cnf"),
    holds=is_password,
)
npmrc_token = SecretRule(
    "npmrc-auth-token",
    "Npm",
    "Token of a registry in .npmrc: reads or publishes its packages",
    "HIGH",
    r"""(?:(?:^|[:\s])_authToken|npmAuthToken)["']?[ \t]{0,3}[=:][ \t]{0,3}["']?(?P<secret>[A-Za-z0-9_.~+/=-]{16,1500})""",
    keywords=("_authtoken", "npmauthtoken"),
    holds=genuine,
    least_entropy=3.0,
)
npmrc_auth = SecretRule(
    "npmrc-auth",
    "Npm",
    "User and password of a registry in .npmrc",
    "HIGH",
    r"""(?:^|[:\r\n \t])(?:_auth|npmAuthIdent)["']?[ \t]{0,3}[=:][ \t]{0,3}["']?(?P<secret>[A-Za-z0-9+/]{8,1500}={0,2})""",
    keywords=("_auth", "npmauthident"),
    holds=is_basic,
)
npmrc_password = SecretRule(
    "npmrc-password",
    "Npm",
    "Password of a registry in .npmrc, in base 64",
    "HIGH",
    r"""(?:^|[:\r\n \t])_password[ \t]{0,3}=[ \t]{0,3}["']?(?P<secret>[A-Za-z0-9+/]{8,400}={0,2})""",
    keywords=("_password",),
    paths=(".npmrc", "npmrc"),
    holds=_encodes,
    least_entropy=2.8,
)
pypirc = SecretRule(
    "pypirc-password",
    "PyPI",
    "Password of a package index in .pypirc",
    "HIGH",
    r"(?:^|[\r\n])[ \t]{0,8}password[ \t]{0,4}[=:][ \t]{0,4}(?P<secret>[^\r\n \t]{4,400})",
    keywords=("password",),
    paths=(".pypirc", "pypirc"),
    holds=is_password,
)
git_credentials = SecretRule(
    "git-credentials-password",
    "Git",
    "Password or token of a host in Git's credential store",
    "HIGH",
    r"https?://[^:@/\r\n \t]{0,200}:(?P<secret>[^@/\r\n \t]{4,400})@[A-Za-z0-9.:-]{1,200}",
    keywords=("://",),
    paths=(".git-credentials", ".git-credential", "git/credentials"),
    holds=is_password,
)
git_header = SecretRule(
    "git-config-extra-header",
    "Git",
    "Credentials of a host in Git's configuration",
    "HIGH",
    r"(?i:extraheader)[ \t]{0,4}=[ \t]{0,4}[\"']?(?i:authorization)[ \t]{0,3}:[ \t]{0,3}(?i:basic)[ \t]{1,3}(?P<secret>[A-Za-z0-9+/]{12,600}={0,2})",
    keywords=("extraheader",),
    holds=is_basic,
)
maven_password = SecretRule(
    "maven-settings-password",
    "Maven",
    "Password of a server in Maven's settings",
    "HIGH",
    r"(?i:<password>)[ \t\r\n]{0,24}(?P<secret>[^<{$ \t\r\n][^<{$\r\n]{2,200})(?i:</password>)",
    keywords=("<password>",),
    paths=("settings.xml", "*settings.xml"),
    holds=is_password,
)
maven_passphrase = SecretRule(
    "maven-settings-passphrase",
    "Maven",
    "Passphrase of a key in Maven's settings",
    "HIGH",
    r"(?i:<(?:gpg[.])?passphrase>)[ \t\r\n]{0,24}(?P<secret>[^<{$ \t\r\n][^<{$\r\n]{2,200})(?i:</)",
    keywords=("passphrase>",),
    paths=("settings.xml", "*settings.xml"),
    holds=is_password,
)
maven_master = SecretRule(
    "maven-settings-security-master",
    "Maven",
    "Master password of Maven: opens the passwords in its settings",
    "HIGH",
    r"(?i:<master>)[ \t\r\n]{0,24}(?P<secret>[^< \t\r\n][^<\r\n]{4,300})(?i:</master>)",
    keywords=("<master>",),
    paths=("settings-security.xml", "*security.xml"),
    holds=lambda secret: genuine(secret.strip("{}")),
    least_entropy=2.8,
)
nuget_config = SecretRule(
    "nuget-config-password",
    "NuGet",
    "Password of a package source in NuGet.Config",
    "HIGH",
    r"""(?i:"cleartextpassword")[ \t\r\n]{1,8}(?i:value)[ \t]{0,2}=[ \t]{0,2}"(?P<secret>[^"%\r\n]{4,300})\"""",
    keywords=("cleartextpassword",),
    holds=is_password,
)
cargo = SecretRule(
    "cargo-registry-token",
    "crates.io",
    "Token of a registry in Cargo's credentials",
    "HIGH",
    r"(?:^|[\r\n])[ \t]{0,8}token[ \t]{0,4}=[ \t]{0,4}[\"'](?P<secret>[^\"'\r\n]{16,400})[\"']",
    keywords=("token",),
    paths=(".cargo/credentials", ".cargo/credentials.toml"),
    holds=genuine,
    least_entropy=3.0,
)
htpasswd = SecretRule(
    "htpasswd-hash",
    "htpasswd",
    "Hash of a web server's password: can be guessed at leisure",
    "MEDIUM",
    r"(?:^|[\r\n])[A-Za-z0-9_.@+-]{1,64}:[$]?(?P<secret>apr1[$][./A-Za-z0-9]{1,8}[$][./A-Za-z0-9]{22}|2[aby][$][0-9]{2}[$][./A-Za-z0-9]{53}|[{]S?SHA[}][A-Za-z0-9+/]{27,60}={0,2}|[56][$](?:rounds=[0-9]{1,9}[$])?[./A-Za-z0-9]{1,16}[$][./A-Za-z0-9]{43,86})",
    keywords=("$apr1$", "$2", "sha}", "$5$", "$6$"),
    paths=(".htpasswd", "htpasswd", "*.htpasswd", "*htpasswd*"),
)
shadow = SecretRule(
    "shadow-password-hash",
    "shadow",
    "Hash of a system user's password: can be guessed at leisure",
    "HIGH",
    r"(?:^|[\r\n])[A-Za-z_][A-Za-z0-9_.-]{0,31}:[$](?P<secret>(?:1|2[abxy]|5|6|7|y|gy|sm3)[$][./A-Za-z0-9$=,-]{20,200}):[0-9]{0,6}:",
    keywords=(":$",),
    paths=("shadow", "shadow-", "shadow.bak", "*.shadow", "gshadow"),
)
s3cfg = SecretRule(
    "s3cmd-secret-key",
    "AWS",
    "Secret key of an object store in s3cmd's or s3fs's file",
    "HIGH",
    r"(?:^|[\r\n])(?:[ \t]{0,8}secret_key[ \t]{0,4}=[ \t]{0,4}|[A-Za-z0-9]{16,128}:)(?P<secret>[A-Za-z0-9/+=]{20,128})",
    paths=(".s3cfg", "s3cfg", ".passwd-s3fs", "passwd-s3fs"),
    holds=genuine,
    least_entropy=3.5,
)
rclone = SecretRule(
    "rclone-config-password",
    "rclone",
    "Password or token in rclone's configuration: can be read without a key",
    "HIGH",
    r"(?:^|[\r\n])(?:pass|password|secret_access_key|client_secret|bearer_token)[ \t]{0,3}=[ \t]{0,3}(?P<secret>[A-Za-z0-9/+=_.-]{16,400})",
    paths=("rclone.conf", ".rclone.conf"),
    holds=genuine,
    least_entropy=3.3,
)
filezilla = SecretRule(
    "filezilla-password",
    "FileZilla",
    "Password of a server in FileZilla's list",
    "HIGH",
    r"""<Pass(?: encoding="base64")?>(?P<secret>[^<\r\n]{4,200})</Pass>""",
    keywords=("<pass",),
    holds=_encodes,
    least_entropy=2.5,
)
tf_state = SecretRule(
    "terraform-state-secret",
    "Terraform",
    "Password, key or token in a Terraform state",
    "HIGH",
    r"""\"[a-z0-9_]{0,40}(?:password|passwd|secret|token|api_key|access_key|connection_string|private_key)\"[ ]{0,2}:[ ]{0,2}\"(?P<secret>[^\"\\\r\n]{8,400})\"""",
    keywords=("password", "passwd", "secret", "token", "key", "connection_string"),
    paths=("*.tfstate", "*.tfstate.backup", "*.tfplan.json"),
    holds=is_password,
    least_entropy=2.8,
)
