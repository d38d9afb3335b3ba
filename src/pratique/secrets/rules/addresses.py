"""Passwords in addresses, connection strings and commands."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, is_basic, is_password, random_looking

_USER = r"""[^\s:/@"'<>`,;|(){}]{0,80}"""
_MASKED = r"""(?P<secret>[^\s:/@"'<>`|(){}]{4,200})"""
_HOST = r"[A-Za-z0-9_.\[-]{1,120}"


def _address(*schemes: str) -> str:
    return rf"(?:^|[^A-Za-z0-9])(?:{'|'.join(schemes)})://{_USER}:{_MASKED}@{_HOST}"


postgres = SecretRule(
    "postgresql-connection-string",
    "PostgreSQL",
    "Password of a PostgreSQL database in its address",
    "HIGH",
    _address(
        "postgres(?:ql)?(?:[+][a-z0-9]{2,16})?",
        "cockroachdb",
        "timescaledb",
        "redshift(?:[+][a-z0-9_]{2,16})?",
    ),
    keywords=("postgres", "cockroachdb", "timescaledb", "redshift"),
    holds=is_password,
    least_entropy=2.3,
)
mysql = SecretRule(
    "mysql-connection-string",
    "MySQL",
    "Password of a MySQL or MariaDB database in its address",
    "HIGH",
    _address("(?:mysql|mysqlx|mysql2|mariadb)(?:[+][a-z0-9]{2,16})?"),
    keywords=("mysql", "mariadb"),
    holds=is_password,
    least_entropy=2.3,
)
mongo = SecretRule(
    "mongodb-connection-string",
    "MongoDB",
    "Password of a MongoDB database in its address",
    "HIGH",
    _address("mongodb(?:[+]srv)?"),
    keywords=("mongodb",),
    holds=is_password,
    least_entropy=2.3,
)
redis = SecretRule(
    "redis-connection-string",
    "Redis",
    "Password of a Redis database in its address",
    "HIGH",
    _address("rediss?", "valkeys?", "redis-socket"),
    keywords=("redis", "valkey"),
    holds=is_password,
    least_entropy=2.3,
)
amqp = SecretRule(
    "amqp-connection-string",
    "AMQP",
    "Password of a message broker in its address",
    "HIGH",
    _address("amqps?", "pyamqp", "nats", "stomp", "mqtts?", "kafka"),
    keywords=("amqp", "nats", "stomp", "mqtt", "kafka"),
    holds=is_password,
    least_entropy=2.3,
)
sql_server = SecretRule(
    "sql-server-connection-string",
    "SQL Server",
    "Password of a SQL Server or Oracle database in its address",
    "HIGH",
    _address(
        "(?:mssql|sqlserver|oracle|db2|clickhouse|snowflake|trino|hive|vertica)(?:[+][a-z0-9_]{2,16})?"
    ),
    keywords=(
        "mssql",
        "sqlserver",
        "oracle",
        "db2",
        "clickhouse",
        "snowflake",
        "trino",
        "hive",
        "vertica",
    ),
    holds=is_password,
    least_entropy=2.3,
)
mail = SecretRule(
    "smtp-connection-string",
    "SMTP",
    "Password of a mail server in its address",
    "HIGH",
    _address("smtps?(?:[+][a-z]{2,10})?", "imaps?", "pop3s?"),
    keywords=("smtp", "imap", "pop3"),
    holds=is_password,
    least_entropy=2.3,
)
ldap = SecretRule(
    "ldap-connection-string",
    "LDAP",
    "Password of a directory in its address",
    "HIGH",
    _address("ldaps?"),
    keywords=("ldap",),
    holds=is_password,
    least_entropy=2.3,
)
files = SecretRule(
    "file-transfer-password",
    "File transfer",
    "Password of a file server in its address",
    "MEDIUM",
    _address("s?ftps?", "ssh", "scp", "smb", "cifs", "webdavs?", "rsync", "svn[+]ssh"),
    keywords=("ftp", "ssh", "scp", "smb", "cifs", "webdav", "rsync"),
    holds=is_password,
    least_entropy=2.3,
)
web = SecretRule(
    "url-password",
    "Generic",
    "Password in an address",
    "MEDIUM",
    _address("https?", "git", "wss?", "socks5h?"),
    keywords=("://",),
    holds=is_password,
    least_entropy=2.5,
)
jdbc = SecretRule(
    "jdbc-connection-string",
    "JDBC",
    "Password of a database in the address that Java uses",
    "HIGH",
    r"""jdbc:[a-z0-9]{2,20}:[^\s"'<>]{1,300}(?i:[?&;:](?:password|pwd))=(?P<secret>[^\s"'<>;&$]{4,120})""",
    keywords=("jdbc:",),
    holds=is_password,
    least_entropy=2.3,
)
jdbc_oracle = SecretRule(
    "oracle-jdbc-connection-string",
    "JDBC",
    "Password of an Oracle database in the address that Java uses",
    "HIGH",
    r"""jdbc:oracle:(?:thin|oci8?):[A-Za-z0-9_.$#-]{1,40}/(?P<secret>[^\s"'<>@/]{4,80})@""",
    keywords=("jdbc:oracle:",),
    holds=is_password,
    least_entropy=2.3,
)
odbc = SecretRule(
    "ado-net-connection-string",
    "ADO.NET",
    "Password of a database in a connection string of ADO.NET or ODBC",
    "HIGH",
    r"""(?i:(?:server|data source|host|driver|addr(?:ess)?|provider)[ ]?=)[^\r\n"'<>]{1,300}(?i:;[ ]?(?:password|pwd)[ ]?=)(?P<secret>[^\r\n"'<>;$]{4,120})""",
    keywords=("password", "pwd"),
    holds=is_password,
    least_entropy=2.3,
)
dsn = SecretRule(
    "go-sql-dsn",
    "MySQL",
    "Password of a database in the data source name that Go uses",
    "HIGH",
    r"""(?:^|[^A-Za-z0-9_])[A-Za-z0-9_.-]{1,40}:(?P<secret>[^\s:/@"'<>`(){}]{4,100})@(?:tcp|unix)\(""",
    keywords=("@tcp(", "@unix("),
    holds=is_password,
    least_entropy=2.3,
)
libpq = SecretRule(
    "libpq-connection-string",
    "PostgreSQL",
    "Password of a PostgreSQL database in key=value form",
    "HIGH",
    r"""(?:host|dbname|user|hostaddr)=[^\s"'<>,]{1,120}[ ](?:[^"'<>\r\n,]{0,200}[ ])?password='?(?P<secret>[^\s"'<>$,()]{4,100})(?:$|[\s"'`\\])""",
    keywords=("password=",),
    holds=is_password,
    least_entropy=2.3,
)
basic = SecretRule(
    "http-basic-authorization",
    "HTTP",
    "User and password in an HTTP header",
    "MEDIUM",
    r"""(?i:authorization)\\?["']?[ \t]{0,3}(?:[:=,]|=>)[ \t]{0,3}\\?["'`]?(?i:basic)[ ]{1,2}(?P<secret>[A-Za-z0-9+/]{8,600}={0,2})(?:$|[^A-Za-z0-9+/=])""",
    keywords=("authorization",),
    holds=is_basic,
)
bearer = SecretRule(
    "http-bearer-authorization",
    "Generic",
    "Token in an HTTP header",
    "MEDIUM",
    r"""(?i:authorization)\\?["']?[ \t]{0,3}(?:[:=,]|=>)[ \t]{0,3}\\?["'`]?(?i:bearer|token)[ ]{1,2}(?P<secret>[A-Za-z0-9_.~+/-]{20,1500}={0,2})(?:$|[^A-Za-z0-9_.~+/=-])""",
    keywords=("authorization",),
    holds=random_looking,
    least_entropy=3.5,
)
curl = SecretRule(
    "curl-user-password",
    "Generic",
    "User and password on a command line of curl or wget",
    "MEDIUM",
    r"""(?:curl|http|wget)(?:[ ][^\r\n]{1,200})?(?:[ ](?:-u|--user|--proxy-user)[ =]|[ ]--(?:http-)?password[ =])["']?(?:[^\s:"']{1,80}:)?(?P<secret>[^\s:"'$]{6,200})""",
    keywords=("curl", "wget", "http"),
    holds=is_password,
    least_entropy=2.5,
)
command = SecretRule(
    "command-line-password",
    "Generic",
    "Password on a command line",
    "MEDIUM",
    r"""(?:mysql(?:dump|admin|import)?[ ][^\r\n]{0,160}[ ]-p|sshpass[ ]-p[ ]?|(?:docker|podman|buildah|skopeo|helm)[ ][^\r\n]{0,120}login[ ][^\r\n]{0,160}(?:[ ]-p[ ]|--password[ =])|redis-cli[ ][^\r\n]{0,120}[ ]-a[ ]|ldap(?:search|add|modify)[ ][^\r\n]{0,160}[ ]-w[ ]|openssl[ ][^\r\n]{0,160}pass:|useradd[ ][^\r\n]{0,120}[ ]-p[ ])["']?(?P<secret>[^\s"'$`<>|;&]{6,120})""",
    keywords=("mysql", "sshpass", "login", "redis-cli", "ldap", "openssl", "useradd"),
    holds=is_password,
    least_entropy=2.5,
)
chpasswd = SecretRule(
    "chpasswd-password",
    "shadow",
    "Password of a system user, set by a command",
    "HIGH",
    r"""echo[ ](?:-e[ ]|-n[ ])?["']?[a-z_][a-z0-9_-]{0,31}:(?P<secret>[^\s"'$`<>|;&]{4,80})["']?[ ]{0,3}[|][ ]{0,3}(?:sudo[ ])?chpasswd""",
    keywords=("chpasswd",),
    holds=genuine,
)
