"""What the tokens of clouds, hosters and keepers of secrets look like, as their providers say.

A line is: rule | the name it is usually given, or - | one format or more. «b40» stands for 40 drawn
characters; `drawing.py` has the alphabets and what is not drawn evenly.
"""

FORMATS = """
aws-access-key-id | AWS_ACCESS_KEY_ID | «aws AKIA» | «aws ASIA»
aws-secret-access-key | AWS_SECRET_ACCESS_KEY | «B40»
aws-session-token | AWS_SESSION_TOKEN | IQoJb3JpZ2luX2VjE«B320» | FwoGZXIvYXdzE«B256»
aws-bedrock-api-key | AWS_BEARER_TOKEN_BEDROCK | ABSK«base64 BedrockAPIKey-«l4»-at-«d12»:«b64»«b12»»
aws-bedrock-short-term-api-key | AWS_BEARER_TOKEN_BEDROCK | bedrock-api-key-«base64 bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Signature=«h64»«h12»»
aws-mws-auth-token | MWS_TOKEN | amzn.mws.«uuid»
azure-storage-account-key | AZURE_STORAGE_KEY | «B86»==
azure-devops-pat | AZURE_PAT | «b76»AZDO«b4»
azure-devops-pat-legacy | AZURE_DEVOPS_EXT_PAT | «a52»
azure-entra-client-secret | AZURE_CLIENT_SECRET | «b3»8Q~«b34» | «b3»7Q~«b31»
azure-container-registry-credential | ACR_PASSWORD | «B42»+ACRA«b5» | «b52»JQQJ99CAACYeBjFEqg7NAAABAZCR«b4»
azure-ai-services-key | AZURE_OPENAI_KEY | «b52»JQQJ99BAACYeBjFXJ3w3AAABACOG«b4»
azure-cognitive-services-key | AZURE_OPENAI_API_KEY | «h32»
azure-cache-redis-key | REDIS_KEY | «b33»AzCaA«b5»=
azure-search-admin-key | SEARCH_KEY | «b42»AzSeA«b5»
azure-function-key | FUNCTION_KEY | «u44»AzFu«u4»Q==
gcp-api-key | GOOGLE_MAPS_KEY | AIza«u35»
gcp-oauth-client-secret | GOOGLE_CLIENT_SECRET | GOCSPX-«u28»
gcp-oauth-access-token | ACCESS_TOKEN | ya29.a0«u160»
gcp-oauth-refresh-token | REFRESH_TOKEN | 1//0g«u100»
firebase-cloud-messaging-server-key | FCM_KEY | AAAA«u7»:APA91b«u134»
gcp-storage-hmac-key-id | GCS_ACCESS_KEY | GOOG1E«U55»
digitalocean-access-token | DIGITALOCEAN_TOKEN | dop_v1_«h64» | doo_v1_«h64»
digitalocean-refresh-token | - | dor_v1_«h64»
digitalocean-spaces-secret | SPACES_SECRET_ACCESS_KEY | «B43»
cloudflare-api-token | CLOUDFLARE_API_TOKEN | «u40»
cloudflare-scannable-token | CF_API_TOKEN | cfut_«b40»«h8» | cfat_«b40»«h8» | cfk_«b40»«h8»
cloudflare-global-api-key | CLOUDFLARE_API_KEY | «h37»
cloudflare-origin-ca-key | CLOUDFLARE_ORIGIN_CA_KEY | v1.0-«h24»-«h146»
fastly-api-token | FASTLY_API_TOKEN | «u32»
netlify-access-token | NETLIFY_TOKEN | nfp_«b36»
netlify-access-token-legacy | NETLIFY_AUTH_TOKEN | «u43»
vercel-access-token | VERCEL_TOKEN | vcp_«b56» | vck_«b56»
vercel-access-token-legacy | VERCEL_TOKEN | «b24»
vercel-blob-token | BLOB_READ_WRITE_TOKEN | vercel_blob_rw_«b16»_«b31»
heroku-api-key | HEROKU_API_KEY | «uuid»
heroku-api-token | HEROKU_API_KEY | HRKU-AA«u58»
fly-io-access-token | FLY_API_TOKEN | fm2_«B200»== | fo1_«u43»
render-api-key | - | rnd_«b28»
railway-token | RAILWAY_TOKEN | «uuid»
linode-api-token | LINODE_TOKEN | «h64»
scaleway-secret-key | SCW_SECRET_KEY | «uuid»
hetzner-api-token | HCLOUD_TOKEN | «b64»
vultr-api-key | VULTR_API_KEY | «U36»
tailscale-api-key | TS_AUTHKEY | tskey-auth-«b11»CNTRL-«b32» | tskey-api-«b12»CNTRL-«b32»
ngrok-auth-token | NGROK_AUTHTOKEN | 2«b26»_«b21»
alibaba-access-key-id | ALIBABA_CLOUD_ACCESS_KEY_ID | LTAI5t«b18»
alibaba-secret-key | ALIBABA_CLOUD_ACCESS_KEY_SECRET | «b30»
tencent-secret-id | TENCENTCLOUD_SECRET_ID | AKID«b32»
tencent-secret-key | TENCENTCLOUD_SECRET_KEY | «b32»
yandex-api-key | YC_API_KEY | AQVN«u36»
yandex-storage-secret | YANDEX_SECRET | YC«u38»
yandex-iam-token | IAM_TOKEN | t1.9eu«u120».«u86» | y0_«u58»
ovh-application-secret | OVH_APPLICATION_SECRET | «b32» | «h32»
ibm-cloud-api-key | IBMCLOUD_API_KEY | «u44»
huawei-cloud-secret-key | HW_SECRET_KEY | «b40»
oracle-cloud-secret-key | OCI_CUSTOMER_SECRET | «B43»=
backblaze-application-key | B2_APPLICATION_KEY | K005«B27»
hashicorp-vault-token | VAULT_TOKEN | hvs.CAESI«u88» | hvs.«b24» | hvb.«u140»
hashicorp-vault-token-legacy | VAULT_TOKEN | s.«b24»
hashicorp-tf-api-token | TFE_TOKEN | «b14».atlasv1.«b67»
hashicorp-consul-token | CONSUL_HTTP_TOKEN | «uuid»
pulumi-api-token | PULUMI_ACCESS_TOKEN | pul-«h40»
doppler-api-token | DOPPLER_TOKEN | dp.pt.«b43» | dp.st.prd.«b43» | dp.ct.«b43»
1password-service-account-token | OP_SERVICE_ACCOUNT_TOKEN | ops_«base64 {"signInAddress":"team.1password.com","userAuth":{"method":"SRPg-4096","alg":"PBES2g-HS256","iterations":650000,"salt":"«u22»"},"email":"«l13»@1passwordserviceaccounts.com","srpX":"«h64»","muk":{"alg":"A256GCM","k":"«u43»"}}»
1password-secret-key | - | A3-«U6»-«U6»-«U5»-«U5»-«U5»-«U5»
bitwarden-access-token | BWS_ACCESS_TOKEN | 0.«uuid».«b30»:«B22»==
bitwarden-client-secret | BW_CLIENTSECRET | «b30»
infisical-service-token | INFISICAL_TOKEN | st.«h24».«h32».«h32»
akeyless-access-key | AKEYLESS_ACCESS_KEY | «B43»=
okta-api-token | OKTA_API_TOKEN | 00«u40»
okta-client-secret | OKTA_OAUTH2_CLIENT_SECRET | «u40» | «u64»
auth0-client-secret | AUTH0_CLIENT_SECRET | «u64»
onelogin-client-secret | ONELOGIN_CLIENT_SECRET | «h64»
keycloak-client-secret | KEYCLOAK_CLIENT_SECRET | «b32» | «uuid»
recaptcha-secret-key | RECAPTCHA_SECRET_KEY | 6L«u6»AAAAA«u27»
workos-api-key | WORKOS_API_KEY | sk_a2V5«b70»
databricks-api-token | DATABRICKS_TOKEN | dapi«h32» | dapi«h32»-2
databricks-oauth-secret | DATABRICKS_CLIENT_SECRET | dose«h32»
planetscale-password | DATABASE_PASSWORD | pscale_pw_«u43»
planetscale-api-token | PLANETSCALE_SERVICE_TOKEN | pscale_tkn_«u43» | pscale_oauth_«u43»
supabase-service-role-key | SUPABASE_SERVICE_ROLE_KEY | «supabase»
supabase-secret-key | SUPABASE_SECRET_KEY | sb_secret_«u22»_«u8»
supabase-access-token | SUPABASE_ACCESS_TOKEN | sbp_«h40»
neon-api-key | NEON_API_KEY | napi_«l64»
neon-database-password | PGPASSWORD | npg_«b12»
mongodb-atlas-private-key | MONGODB_ATLAS_PRIVATE_API_KEY | «uuid»
mongodb-atlas-service-account-secret | - | mdb_sa_sk_«u40»
confluent-api-secret | CONFLUENT_API_SECRET | «B64» | cflt«B60»
upstash-redis-token | UPSTASH_REDIS_REST_TOKEN | AX«u58» | AYag«u100»
snowflake-password | SNOWFLAKE_PASSWORD | «p16»
aiven-service-password | - | AVNS_«u19»
kubernetes-service-account-token | KUBE_TOKEN | «kubernetes»
openshift-access-token | OC_TOKEN | sha256~«u43»
rancher-api-token | RANCHER_BEARER | token-«l5»:«l54» | kubeconfig-u-«l5»:«l54»
"""
