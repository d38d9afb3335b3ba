"""Microsoft Azure, Entra and Azure DevOps."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, mixed, numbered
from pratique.secrets.shapes import assigned, token

_KEY88 = "[A-Za-z0-9+/]{86}=="
_BASE64 = "A-Za-z0-9+/="

storage_key = SecretRule(
    "azure-storage-account-key",
    "Azure",
    "Key of an Azure storage account: all its blobs, files, queues and tables",
    "CRITICAL",
    assigned(
        "account[_-]?key|storage[_.-]?(?:account[_.-]?)?(?:access[_.-]?)?key", _KEY88, end=_BASE64
    ),
    keywords=("accountkey", "account_key", "account-key", "storage"),
    holds=mixed,
    least_entropy=4.5,
)
sas = SecretRule(
    "azure-sas-token",
    "Azure",
    "Shared access signature: what it names in an Azure storage account, until it expires",
    "HIGH",
    r"(?:^|[^A-Za-z0-9])s[vperti]{1,2}=[A-Za-z0-9%:_.-]{1,40}(?:(?:&|&amp;)[a-z]{2,5}=[A-Za-z0-9%:_.+/-]{0,80}){2,14}(?:&|&amp;)sig=(?P<secret>[A-Za-z0-9+/]{20,60}={0,2}|[A-Za-z0-9%]{40,80})(?:$|[^A-Za-z0-9%+/=])",
    keywords=("&sig=", "&amp;sig="),
    holds=mixed,
    least_entropy=3.8,
)
devops_pat = SecretRule(
    "azure-devops-pat",
    "Azure",
    "Personal access token of Azure DevOps: code, pipelines, artifacts of an organisation",
    "HIGH",
    token("[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"),
    keywords=("azdo",),
    holds=mixed,
    least_entropy=4.5,
)
devops_pat_old = SecretRule(
    "azure-devops-pat-legacy",
    "Azure",
    "Personal access token of Azure DevOps of before 2025",
    "HIGH",
    assigned(
        "(?:azure[_.-]?devops|azdo|ado|vsts|vss|system)[_.-]?(?:ext[_.-]?)?(?:personal|access|pat|token)",
        "[a-z2-7]{52}",
    ),
    keywords=("azure", "azdo", "ado", "vsts", "vss", "system"),
    holds=numbered,
    least_entropy=3.8,
)
entra = SecretRule(
    "azure-entra-client-secret",
    "Azure",
    "Client secret of an application in Entra ID: acts as that application",
    "CRITICAL",
    r"(?:^|[^A-Za-z0-9_~.-])(?P<secret>[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?:$|[^A-Za-z0-9_~.-])",
    keywords=("q~",),
    holds=genuine,
    least_entropy=4.0,
)
acr_key = SecretRule(
    "azure-container-registry-credential",
    "Azure",
    "Password of an Azure container registry: pulls and pushes images",
    "CRITICAL",
    token(
        "[A-Za-z0-9+/]{42}[+]ACR[A-D][A-Za-z0-9]{5}"
        "|[A-Za-z0-9+/]{52}JQQJ99[A-Z]{2}AC[A-Za-z0-9]{5}Eqg7NAAA[A-Z]AZCR[A-Za-z0-9+/]{4}",
        end=_BASE64,
    ),
    keywords=("+acr", "jqqj99"),
    holds=genuine,
    least_entropy=4.3,
)
acr_password = SecretRule(
    "azure-container-registry-password",
    "Azure",
    "Password that is used with an Azure container registry",
    "CRITICAL",
    r"(?i:[.]azurecr[.]io)[^\r\n]{0,100}(?i:password|pwd|[ ]-p)[\"']?[ ]{0,3}[=: ][ ]{0,3}[\"']?(?P<secret>[A-Za-z0-9+/=]{32,52})(?:$|[^A-Za-z0-9+/=])",
    keywords=("azurecr.io",),
    holds=mixed,
    least_entropy=4.0,
)
app_config = SecretRule(
    "azure-app-config-connection-string",
    "Azure",
    "Connection string of Azure App Configuration: all settings of an application",
    "CRITICAL",
    r"(?i:Endpoint=https://)[A-Za-z0-9-]{2,64}[.]azconfig[.]io;Id=[A-Za-z0-9+/=:_-]{4,80};Secret=(?P<secret>[A-Za-z0-9+/]{40,100}={0,2})(?:$|[^A-Za-z0-9+/=])",
    keywords=(".azconfig.io",),
    holds=genuine,
    least_entropy=4.0,
)
ai_services = SecretRule(
    "azure-ai-services-key",
    "Azure",
    "Key of Azure AI services: runs models on the subscription's bill",
    "HIGH",
    token(
        "[A-Za-z0-9+/]{52}JQQJ99[A-Z]{2}[A-Za-z0-9+/]{7}XJ3w3[A-Za-z0-9+/]{4}ACOG[A-Za-z0-9+/]{4}",
        end=_BASE64,
    ),
    keywords=("jqqj99",),
    holds=genuine,
    least_entropy=4.0,
)
ai_services_old = SecretRule(
    "azure-cognitive-services-key",
    "Azure",
    "Key of Azure OpenAI, Cognitive or AI Search services of before 2024",
    "HIGH",
    assigned(
        "azure[_.-]?openai[_.-]?(?:api[_.-]?)?key|ocp-apim-subscription-key|cognitive[_.-]?(?:services?[_.-]?)?key|azure[_.-]?(?:search|speech|ai)[A-Za-z_.-]{0,10}key",
        "[0-9a-f]{32}|[A-Za-z0-9]{32}",
    ),
    keywords=("azure", "ocp-apim-subscription-key", "cognitive"),
    holds=numbered,
    least_entropy=3.2,
)
service_bus = SecretRule(
    "azure-service-bus-connection-string",
    "Azure",
    "Connection string of Azure Service Bus, Event Hubs or Relay: reads and writes its messages",
    "HIGH",
    r"(?i:Endpoint=sb://)[A-Za-z0-9-]{2,64}[.]servicebus[.][a-z.]{2,40}/?;SharedAccessKeyName=[A-Za-z0-9_ .-]{1,80};SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{43}=)",
    keywords=("sharedaccesskey=",),
    holds=genuine,
    least_entropy=4.0,
)
iot_hub = SecretRule(
    "azure-iot-hub-connection-string",
    "Azure",
    "Connection string of Azure IoT Hub: acts as a device or as the hub's owner",
    "HIGH",
    r"(?i:HostName=)[A-Za-z0-9-]{2,64}[.]azure-devices[.]net;[A-Za-z0-9;=_.-]{4,160};SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{43}=)",
    keywords=(".azure-devices.net",),
    holds=genuine,
    least_entropy=4.0,
)
cosmos = SecretRule(
    "azure-cosmos-db-key",
    "Azure",
    "Key of an Azure Cosmos DB account: all its databases",
    "CRITICAL",
    rf"(?i:cosmos|documents[.]azure[.]com)[^\r\n]{{0,120}}(?:[=:]|[ ])[ ]{{0,3}}[\"']?(?P<secret>{_KEY88})",
    keywords=("cosmos", "documents.azure.com"),
    holds=mixed,
    least_entropy=4.5,
)
redis = SecretRule(
    "azure-cache-redis-key",
    "Azure",
    "Key of Azure Cache for Redis",
    "HIGH",
    token("[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=", end=_BASE64),
    keywords=("azca",),
    holds=genuine,
    least_entropy=4.0,
)
search = SecretRule(
    "azure-search-admin-key",
    "Azure",
    "Key of Azure AI Search: its indexes",
    "HIGH",
    token("[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}"),
    keywords=("azse",),
    holds=genuine,
    least_entropy=4.0,
)
functions = SecretRule(
    "azure-function-key",
    "Azure",
    "Key of an Azure function: calls it",
    "MEDIUM",
    token("[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{4}[AQgw]={2}", end=_BASE64),
    keywords=("azfu",),
    holds=genuine,
    least_entropy=4.0,
)
