"""What the tokens of code hosts, registries, builders, watchers and providers of models look like."""

FORMATS = """
github-pat | GITHUB_TOKEN | «github ghp_ 30»
github-oauth | GITHUB_TOKEN | «github gho_ 30»
github-app-token | GITHUB_TOKEN | «github ghs_ 30» | «github ghu_ 30» | ghs_«d7»_«jwt»
github-refresh-token | REFRESH_TOKEN | «github ghr_ 70»
github-fine-grained-pat | GITHUB_TOKEN | github_pat_11«U20»_«b59»
gitlab-pat | GITLAB_TOKEN | glpat-«u20» | «gitlab glpat-»
gitlab-oauth-app-secret | GITLAB_SECRET | gloas-«h64»
gitlab-deploy-token | DEPLOY_TOKEN | gldt-«u20» | «gitlab gldt-»
gitlab-runner-token | RUNNER_TOKEN | glrt-«u20» | glrt-t1_«u20» | «gitlab glrt-t1_»
gitlab-runner-registration-token | REGISTRATION_TOKEN | GR1348941«u20»
gitlab-ci-job-token | CI_JOB_TOKEN | glcbt-«l2»_«u20»
gitlab-pipeline-trigger-token | TRIGGER_TOKEN | glptt-«h40»
gitlab-agent-token | AGENT_TOKEN | glagent-«u50»
gitlab-feed-token | FEED_TOKEN | glft-«u20» | glimt-«l25» | glffct-«u20»
atlassian-api-token | JIRA_API_TOKEN | ATATT3xFfGF0«u171»=«H8»
atlassian-api-token-legacy | JIRA_API_TOKEN | «b24»
atlassian-access-token | BITBUCKET_TOKEN | ATCTT3xFfG«u171»=«H8»
atlassian-data-center-token | BITBUCKET_TOKEN | BBDC-M«B43» | N«B43»
bitbucket-app-password | BITBUCKET_APP_PASSWORD | ATBB«b24»«H8»
bitbucket-client-id | BITBUCKET_CLIENT_ID | «b18»
bitbucket-client-secret | BITBUCKET_CLIENT_SECRET | «b32»
trello-api-token | TRELLO_TOKEN | ATTA«h64»«H8»
npm-access-token | NPM_TOKEN | «github npm_ 30»
pypi-upload-token | TWINE_PASSWORD | «pypi pypi.org» | «pypi test.pypi.org»
rubygems-api-token | GEM_HOST_API_KEY | rubygems_«h48»
nuget-api-key | NUGET_API_KEY | oy2«l43»
crates-io-api-token | CARGO_REGISTRY_TOKEN | cio«b32»
clojars-api-token | CLOJARS_TOKEN | CLOJARS_«h60»
private-packagist-token | PACKAGIST_TOKEN | packagist_ort_«h68» | packagist_uut_«h68»
jfrog-api-key | ARTIFACTORY_API_KEY | AKCp«b69»
jfrog-reference-token | ARTIFACTORY_TOKEN | «base64 reftkn:01:«d10»:«b27»»
jsr-token | - | jsrp_«b40»
hex-pm-api-key | HEX_API_KEY | «h32»
cocoapods-trunk-token | COCOAPODS_TRUNK_TOKEN | «h32»
cloudsmith-api-key | CLOUDSMITH_API_KEY | «h40»
docker-hub-pat | DOCKER_PASSWORD | dckr_pat_«u27»
docker-hub-oat | DOCKER_PASSWORD | dckr_oat_«u32»
openai-project-api-key | OPENAI_API_KEY | sk-proj-«u74»T3BlbkFJ«u74»
openai-service-account-key | OPENAI_API_KEY | sk-svcacct-«u74»T3BlbkFJ«u74»
openai-admin-api-key | OPENAI_ADMIN_KEY | sk-admin-«u58»T3BlbkFJ«u58»
openai-legacy-api-key | OPENAI_API_KEY | sk-«b20»T3BlbkFJ«b20»
openai-service-api-key | OPENAI_API_KEY | sk-service-worker-«b20»T3BlbkFJ«b20»
openai-realtime-client-secret | CLIENT_SECRET | ek_«h32»
anthropic-api-key | ANTHROPIC_API_KEY | sk-ant-api03-«u93»AA
anthropic-admin-api-key | ANTHROPIC_ADMIN_KEY | sk-ant-admin01-«u93»AA
anthropic-oauth-token | ANTHROPIC_AUTH_TOKEN | sk-ant-oat01-«u93»AA
hugging-face-access-token | HF_TOKEN | hf_«a34» | api_org_«a34»
cohere-api-key | CO_API_KEY | «b40»
replicate-api-token | REPLICATE_API_TOKEN | r8_«b37»
groq-api-key | GROQ_API_KEY | gsk_«b52»
perplexity-api-key | PPLX_KEY | pplx-«b48»
xai-api-key | XAI_API_KEY | xai-«b80»
mistral-api-key | MISTRAL_API_KEY | «b32»
deepseek-api-key | DEEPSEEK_API_KEY | sk-«h32»
openrouter-api-key | OPENROUTER_API_KEY | sk-or-v1-«h64»
fireworks-api-key | FIREWORKS_API_KEY | fw_«b24»
together-api-key | TOGETHER_API_KEY | «h64» | tgp_v1_«u43»
elevenlabs-api-key | ELEVENLABS_API_KEY | sk_«h48» | «h32»
langsmith-api-key | LANGSMITH_API_KEY | lsv2_pt_«h32»_«h10» | lsv2_sk_«h32»_«h10»
wandb-api-key | WANDB_API_KEY | «h40»
pinecone-api-key | PINECONE_API_KEY | pcsk_«b5»_«b63»
nvidia-api-key | NVIDIA_API_KEY | nvapi-«u64»
grafana-api-token | GRAFANA_TOKEN | «base64 {"k":"«b32»","n":"reader","id":1}»
grafana-service-account-token | GRAFANA_TOKEN | «grafana»
grafana-cloud-api-token | GRAFANA_TOKEN | glc_«base64 {"o":"«d6»","n":"writer","k":"«b32»","m":{"r":"eu"}}»
datadog-api-key | DD_API_KEY | «h32»
datadog-app-key | DD_APP_KEY | «h40»
new-relic-user-api-key | NEW_RELIC_API_KEY | NRAK-«U27»
new-relic-user-api-id | NEW_RELIC_API_ID | «U64»
new-relic-browser-api-token | NEW_RELIC_BROWSER_KEY | NRJS-«h19»
new-relic-license-key | NEW_RELIC_LICENSE_KEY | «h36»NRAL | eu01xx«h30»NRAL | NRII-«u32»
sentry-org-token | SENTRY_AUTH_TOKEN | sntrys_«base64 {"iat":17«d8».123456,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"«L8»"}»_«B43»
sentry-user-token | SENTRY_AUTH_TOKEN | sntryu_«h64»
dynatrace-api-token | DT_API_TOKEN | dt0c01.«U24».«U64»
splunk-hec-token | SPLUNK_HEC_TOKEN | «uuid»
pagerduty-api-key | PAGERDUTY_API_KEY | u+«u18» | «u20»
pagerduty-integration-key | PAGERDUTY_INTEGRATION_KEY | «h32» | R0«U30»
sumo-logic-access-id | SUMOLOGIC_ACCESS_ID | su«b12»
sumo-logic-access-key | SUMOLOGIC_ACCESS_KEY | «b64»
honeycomb-api-key | HONEYCOMB_API_KEY | hcaik_«l58»
rollbar-access-token | ROLLBAR_ACCESS_TOKEN | «h32»
elastic-cloud-api-key | ELASTIC_API_KEY | «B58»==
snyk-api-token | SNYK_TOKEN | «uuid»
sonarqube-token | SONAR_TOKEN | squ_«h40» | sqp_«h40» | sqa_«h40»
sonarqube-token-legacy | SONAR_TOKEN | «h40»
launchdarkly-access-token | LD_SDK_KEY | sdk-«uuid» | api-«uuid»
postman-api-token | POSTMAN_API_KEY | PMAK-«h24»-«h34»
circleci-token | CIRCLE_TOKEN | CCIPAT_«b22»_«h40» | CCIPRJ_«b22»_«h40»
circleci-token-legacy | CIRCLE_TOKEN | «h40»
travis-ci-token | TRAVIS_TOKEN | «u22»
buildkite-token | BUILDKITE_TOKEN | bkua_«h40»
drone-ci-token | DRONE_TOKEN | «b32»
jenkins-api-token | JENKINS_API_TOKEN | 11«h32»
codecov-upload-token | CODECOV_TOKEN | «uuid»
octopus-deploy-api-key | OCTOPUS_KEY | API-«U29»
prefect-api-key | PREFECT_API_KEY | pnu_«b36»
sourcegraph-access-token | SRC_ACCESS_TOKEN | sgp_«h40» | sgp_«h16»_«h40»
readme-api-token | - | rdme_«l70»
"""
