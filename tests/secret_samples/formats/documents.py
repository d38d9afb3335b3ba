r"""Secrets that are told by the file or the line that they are in: rule | path | text, `\n` for a line's end."""

DOCUMENTS = r"""
aws-presigned-url | app/log.txt | GET https://bucket.s3.amazonaws.com/a.zip?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=«aws AKIA»%2F20250101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20250101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=«h64» 200
azure-sas-token | app/settings.json | {"url": "https://acct.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=sco&sp=rwdlac&se=2030-01-01T00:00:00Z&st=2024-01-01T00:00:00Z&spr=https&sig=«sas»"}
azure-storage-account-key | app/appsettings.json | {"Storage": "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=«B86»==;EndpointSuffix=core.windows.net"}
azure-container-registry-password | deploy/login.sh | docker login team.azurecr.io -u robot -p «B32»\n
azure-app-config-connection-string | app/.env | APPCONFIG=Endpoint=https://team.azconfig.io;Id=«l4»-l0-s0:«b20»;Secret=«B43»=\n
azure-service-bus-connection-string | app/local.settings.json | {"Bus": "Endpoint=sb://team.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=«B43»="}
azure-iot-hub-connection-string | app/device.py | CONNECTION = "HostName=plant.azure-devices.net;DeviceId=press1;SharedAccessKey=«B43»="\n
azure-cosmos-db-key | app/appsettings.json | {"Cosmos": "AccountEndpoint=https://team.documents.azure.com:443/;AccountKey=«B86»==;"}
gcp-service-account | app/sa.json | {"type": "service_account", "project_id": "shop", "private_key_id": "«h40»", "private_key": "«pemline»", "client_email": "a@shop.iam.gserviceaccount.com"}
gcp-service-account | app/deploy.py | KEY = '{\"type\": \"service_account\", \"private_key\": \"«pemline»\"}'\n
dockerconfig-secret | deploy/pull.yaml | apiVersion: v1\nkind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: «base64 {"auths":{"ghcr.io":{"auth":"«base64 robot:«b24»»"}}}»\n
docker-config-auth | root/.docker/config.json | {\n  "auths": {\n    "https://index.docker.io/v1/": {\n      "auth": "«base64 alice:«b16»»"\n    }\n  }\n}\n
docker-config-identity-token | root/.docker/config.json | {"auths": {"team.azurecr.io": {"identitytoken": "«u80»"}}}
quay-robot-token | deploy/login.sh | docker login quay.io -u team+robot -p «U64»\n
gitlab-session-cookie | app/log.txt | Cookie: _gitlab_session=«h32»; path=/
hashicorp-vault-unseal-key | root/vault.txt | Unseal Key 1: «B43»=\nUnseal Key 2: «B43»=\n
hashicorp-gossip-key | etc/consul.d/consul.hcl | datacenter = "dc1"\nencrypt = "«B43»="\n
ansible-vault-password | app/.vault_pass | «p20»\n
sentry-dsn-secret | app/settings.py | SENTRY_DSN = "https://«h32»:«h32»@sentry.io/1234567"\n
private-key | app/deploy/server.key | «pem ec»
private-key | app/deploy/id_ed25519 | «pem openssh»
private-key | app/deploy/rsa.pem | «pem rsa»
private-key | app/config.js | module.exports = {key: "«pemline»"};\n
private-key | deploy/values.yaml | tls:\n  key: |\n«pemindented»
private-key | app/key.py | KEY = (\n«pemquoted»)\n
private-key-encrypted | app/server.key | «pem encrypted»
private-key-encrypted-legacy | app/server.key | «pem legacy»
pgp-private-key | root/key.asc | -----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n«pgp»\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----\n
pgp-private-key | root/key.asc | -----BEGIN PGP PRIVATE KEY BLOCK-----\n\n«pgp»\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----\n
putty-private-key | root/id.ppk | PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: laptop\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAI«B39»\n«B16»\nPrivate-Lines: 1\n«B47»=\nPrivate-MAC: «h64»\n
json-web-key | app/jwk.json | {"kty":"EC","crv":"P-256","x":"«u43»","y":"«u43»","d":"«u43»"}
json-web-key | app/jwk.json | {"kty":"RSA","e":"AQAB","n":"«u342»","d":"«u342»"}
wireguard-private-key | etc/wireguard/wg0.conf | [Interface]\nAddress = 10.0.0.1/24\nPrivateKey = «B42»A=\nListenPort = 51820\n
kubeconfig-client-key | root/.kube/config | users:\n- name: admin\n  user:\n    client-key-data: «base64 «pem ec»»\n
kubernetes-bootstrap-token | root/join.sh | kubeadm join 10.0.0.1:6443 --token «l6».«l16» --discovery-token-ca-cert-hash sha256:«h64»\n
netrc-password | root/.netrc | machine api.github.com\n  login alice\n  password «b24»\n
netrc-password | root/.netrc | machine host.example.org login alice password «p14»\n
pgpass-password | root/.pgpass | db.internal:5432:shop:app:«p16»\n
mysql-option-file-password | root/.my.cnf | [client]\nuser=app\npassword="«p16»"\n
mysql-option-file-password | root/.my.cnf | [client]\nuser = app\npassword = «b14»\n
npmrc-auth-token | root/.npmrc | //npm.internal.org/:_authToken=«b36»\nalways-auth=true\n
npmrc-auth-token | root/.yarnrc.yml | npmScopes:\n  team:\n    npmAuthToken: "«u40»"\n
npmrc-auth | root/.npmrc | registry=https://npm.internal.org/\n_auth=«base64 alice:«b16»»\n
npmrc-password | root/.npmrc | //npm.internal.org/:username=alice\n//npm.internal.org/:_password=«base64 «b16»»\n
pypirc-password | root/.pypirc | [internal]\nrepository = https://pypi.internal.org\nusername = alice\npassword = «p16»\n
git-credentials-password | root/.git-credentials | https://alice:«b20»@git.internal.org\n
git-config-extra-header | app/.git/config | [http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic «base64 x-access-token:«b36»»\n
maven-settings-password | root/.m2/settings.xml | <settings><servers><server><id>nexus</id><username>alice</username><password>«p16»</password></server></servers></settings>\n
maven-settings-passphrase | root/.m2/settings.xml | <settings><profiles><profile><properties><gpg.passphrase>«p16»</gpg.passphrase></properties></profile></profiles></settings>\n
maven-settings-passphrase | root/.m2/settings.xml | <settings><servers><server><id>k</id><passphrase>«p16»</passphrase></server></servers></settings>\n
maven-settings-security-master | root/.m2/settings-security.xml | <settingsSecurity>\n  <master>{«B63»=}</master>\n</settingsSecurity>\n
nuget-config-password | app/NuGet.Config | <configuration><packageSourceCredentials><team><add key="Username" value="alice" /><add key="ClearTextPassword" value="«p16»" /></team></packageSourceCredentials></configuration>
cargo-registry-token | root/.cargo/credentials.toml | [registries.internal]\ntoken = "«b40»"\n
htpasswd-hash | etc/nginx/.htpasswd | alice:$apr1$«b8»$«b22»\n
htpasswd-hash | etc/nginx/.htpasswd | alice:$2y$10$«b53»\n
htpasswd-hash | etc/apache2/htpasswd | alice:{SHA}«B27»=\n
shadow-password-hash | etc/shadow | root:$6$«b16»$«b86»:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n
shadow-password-hash | etc/shadow | root:$y$j9T$«b22»$«b43»:19000:0:99999:7:::\n
s3cmd-secret-key | root/.s3cfg | [default]\naccess_key = minio\nsecret_key = «B40»\n
rclone-config-password | root/.config/rclone/rclone.conf | [nas]\ntype = sftp\nhost = nas\nuser = alice\npass = «u38»\n
filezilla-password | root/sitemanager.xml | <Server><Host>ftp.internal.org</Host><User>alice</User><Pass encoding="base64">«base64 «b12»»</Pass></Server>
terraform-state-secret | app/terraform.tfstate | {"version": 4, "resources": [{"instances": [{"attributes": {"username": "app", "password": "«p20»"}}]}]}
terraform-state-secret | app/terraform.tfstate.backup | {\n  "outputs": {},\n  "resources": [{"attributes": {"client_secret": "«u38»"}}]\n}\n
django-secret-key | app/settings.py | SECRET_KEY = 'django-insecure-«s50»'\n
django-secret-key | app/settings.py | SECRET_KEY = "«s50»"\n
django-secret-key | app/app.py | app.config["SECRET_KEY"] = "«h64»"\n
rails-master-key-file | app/config/master.key | «h32»
laravel-app-key | app/.env | APP_NAME=shop\nAPP_KEY=base64:«B43»=\n
symfony-default-secret | app/config/parameters.yml | parameters:\n    secret: ThisTokenIsNotSoSecretChangeIt\n
wordpress-salt | var/www/wp-config.php | <?php\ndefine('AUTH_KEY',         '«s64»');\ndefine('NONCE_SALT', '«s64»');\n
wordpress-database-password | var/www/wp-config.php | <?php\ndefine( 'DB_USER', 'wp' );\ndefine( 'DB_PASSWORD', '«p16»' );\n
drupal-hash-salt | var/www/sites/default/settings.php | <?php\n$settings['hash_salt'] = '«u74»';\n
joomla-configuration-secret | var/www/configuration.php | <?php\nclass JConfig {\n\tpublic $password = '«p14»';\n\tpublic $secret = '«b16»';\n}\n
magento-crypt-key | var/www/app/etc/env.php | <?php\nreturn [\n    'crypt' => [\n        'key' => '«h32»'\n    ],\n];\n
aspnet-machine-key | app/web.config | <system.web><machineKey validationKey="«H128»" decryptionKey="«H48»" validation="SHA1" /></system.web>
postgresql-connection-string | app/.env | DATABASE_URL=postgres://app:«b16»@db:5432/shop\n
postgresql-connection-string | app/db.py | engine = create_engine("postgresql+psycopg2://app:«b16»@db.internal/shop?sslmode=require")\n
mysql-connection-string | app/config.yaml | database:\n  url: mysql+pymysql://app:«b16»@db.internal:3306/shop\n
mongodb-connection-string | app/index.js | mongoose.connect("mongodb+srv://app:«b16»@cluster0.abcde.mongodb.net/shop");\n
redis-connection-string | app/.env | REDIS_URL=redis://:«b24»@cache:6379/0\n
amqp-connection-string | app/.env | CELERY_BROKER_URL=amqp://worker:«b16»@mq:5672//\n
sql-server-connection-string | app/.env | DATABASE_URL=mssql+pyodbc://app:«b16»@db.internal/shop\n
smtp-connection-string | app/.env | MAILER_DSN=smtp://robot:«b16»@mail.internal:587\n
ldap-connection-string | app/ldap.yaml | url: ldaps://admin:«b16»@ldap.internal:636/dc=team\n
file-transfer-password | app/sync.sh | lftp sftp://backup:«b16»@nas.internal/share\n
url-password | app/fetch.py | URL = "https://robot:«b20»@git.internal.org/team/shop.git"\n
jdbc-connection-string | app/application.properties | spring.datasource.url=jdbc:postgresql://db:5432/shop?user=app&password=«b16»\n
jdbc-connection-string | app/Main.java | String url = "jdbc:sqlserver://db:1433;databaseName=shop;user=app;password=«b16»;";\n
oracle-jdbc-connection-string | app/application.yml | url: jdbc:oracle:thin:app/«b14»@db:1521/XEPDB1\n
ado-net-connection-string | app/appsettings.json | {"ConnectionStrings": {"Shop": "Server=db;Database=shop;User Id=app;Password=«b16»;"}}
ado-net-connection-string | app/web.config | <add name="Shop" connectionString="Data Source=db;Initial Catalog=shop;User ID=app;Pwd=«b16»" />
go-sql-dsn | app/main.go | db, err := sql.Open("mysql", "app:«b16»@tcp(db:3306)/shop?parseTime=true")\n
libpq-connection-string | app/main.py | connect("host=db dbname=shop user=app password=«b16»")\n
http-basic-authorization | app/client.js | headers: {"Authorization": "Basic «base64 robot:«b16»»"}\n
http-bearer-authorization | app/log.txt | > Authorization: Bearer «u48»\n
curl-user-password | app/deploy.sh | curl -fsS -u robot:«b16» https://api.internal.org/deploy\n
command-line-password | app/backup.sh | mysqldump -h db -u root -p«b16» shop\n
command-line-password | app/login.sh | docker login registry.internal.org -u robot -p «b20»\n
chpasswd-password | Dockerfile | FROM debian\nRUN echo 'root:«b12»' | chpasswd\n
generic-password | app/.env | DB_PASSWORD=«p16»\n
generic-password | app/application.properties | spring.datasource.password=«b12»\n
generic-password | app/config.yaml | smtp:\n  host: mail\n  password: "«p14»"\n
generic-password | app/config.json | {"admin": {"user": "root", "password": "«b12»"}}
generic-password | image configuration | PATH=/usr/bin\nDB_PASSWORD=«b16»\n
generic-password-in-source | app/db.py | connect(host="db", password="«b16»")\n
generic-password-in-source | app/db.js | const opts={user:"app",password:"«b16»"};\n
generic-secret | app/app.py | MAIN_SECRET = "«b40»"\n
generic-secret | app/app.js | const o={mainToken:"«h40»"};\n
generic-secret-setting | app/app.ini | [api]\napi_key = «b32»\n
generic-secret-setting | app/values.yaml | api:\n  token: «h40»\n
"""
