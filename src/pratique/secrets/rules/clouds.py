"""Other clouds: Alibaba, Tencent, Yandex, OVH, IBM, Oracle."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

alibaba_id = SecretRule(
    "alibaba-access-key-id",
    "Alibaba",
    "Access key id of Alibaba Cloud (of use with its secret)",
    "HIGH",
    token("LTAI[A-Za-z0-9]{12,20}"),
    keywords=("ltai",),
    holds=numbered,
    least_entropy=3.3,
)
alibaba_secret = SecretRule(
    "alibaba-secret-key",
    "Alibaba",
    "Secret key of Alibaba Cloud: acts as its user",
    "HIGH",
    assigned(
        "(?:alibaba|aliyun|alicloud|ali|oss)[A-Za-z_.-]{0,20}(?:secret|key)", "[A-Za-z0-9]{30}"
    ),
    keywords=("ali", "oss"),
    holds=numbered,
    least_entropy=3.9,
)
tencent_id = SecretRule(
    "tencent-secret-id",
    "Tencent",
    "Secret id of Tencent Cloud (of use with its key)",
    "HIGH",
    token("AKID[A-Za-z0-9]{32}"),
    keywords=("akid",),
    holds=genuine,
    least_entropy=4.0,
)
tencent_key = SecretRule(
    "tencent-secret-key",
    "Tencent",
    "Secret key of Tencent Cloud: acts as its user",
    "CRITICAL",
    assigned("(?:tencent(?:cloud)?|qcloud|cos)[A-Za-z_.-]{0,14}secret[_.-]?key", "[A-Za-z0-9]{32}"),
    keywords=("tencent", "qcloud", "cos"),
    holds=numbered,
    least_entropy=3.9,
)
yandex_key = SecretRule(
    "yandex-api-key",
    "Yandex",
    "API key of a service account of Yandex Cloud",
    "HIGH",
    token("AQVN[A-Za-z0-9_-]{35,38}", end="A-Za-z0-9_-"),
    keywords=("aqvn",),
    holds=genuine,
    least_entropy=4.0,
)
yandex_secret = SecretRule(
    "yandex-storage-secret",
    "Yandex",
    "Static secret key of Yandex Cloud: its storage",
    "HIGH",
    token("YC[A-Za-z0-9_-]{38}", end="A-Za-z0-9_-"),
    keywords=("yc", "yandex"),
    holds=numbered,
    least_entropy=4.2,
)
yandex_iam = SecretRule(
    "yandex-iam-token",
    "Yandex",
    "IAM or OAuth token of Yandex: acts as its user",
    "HIGH",
    token(
        "t1[.][A-Z0-9a-z_-]{10,400}[.][A-Za-z0-9_-]{86}={0,2}|y[0-3]_[A-Za-z0-9_-]{55,65}",
        end="A-Za-z0-9_=-",
    ),
    keywords=("t1.", "y0_", "y1_", "y2_", "y3_"),
    holds=genuine,
    least_entropy=4.2,
)
ovh = SecretRule(
    "ovh-application-secret",
    "OVH",
    "Application secret or consumer key of OVH: an account's machines and names",
    "HIGH",
    assigned(
        "ovh[A-Za-z_.-]{0,12}(?:application[_.-]?secret|consumer[_.-]?key|app[_.-]?secret)|application_secret|consumer_key",
        "[A-Za-z0-9]{32}|[0-9a-f]{32}",
        between=0,
    ),
    keywords=("ovh", "application_secret", "consumer_key"),
    holds=numbered,
    least_entropy=3.1,
)
ibm = SecretRule(
    "ibm-cloud-api-key",
    "IBM",
    "API key of IBM Cloud: acts as its user",
    "HIGH",
    assigned(
        "(?:ibm(?:cloud)?|bluemix|watson|ic)[_.-]?(?:cloud[_.-]?|iam[_.-]?)?(?:api[_.-]?)?key",
        "[A-Za-z0-9_-]{44}",
        end="A-Za-z0-9_-",
    ),
    keywords=("ibm", "bluemix", "watson", "ic_api_key"),
    holds=numbered,
    least_entropy=4.2,
)
huawei = SecretRule(
    "huawei-cloud-secret-key",
    "Huawei",
    "Secret key of Huawei Cloud: acts as its user",
    "HIGH",
    assigned("(?:huawei(?:cloud)?|hw|hwc|obs)[A-Za-z_.-]{0,12}(?:secret|sk)", "[A-Za-z0-9]{40}"),
    keywords=("huawei", "hw", "obs"),
    holds=numbered,
    least_entropy=4.0,
)
oracle = SecretRule(
    "oracle-cloud-secret-key",
    "Oracle",
    "Customer secret key of Oracle Cloud: its storage",
    "HIGH",
    assigned("(?:oci|oracle)[A-Za-z_.-]{0,14}secret", "[A-Za-z0-9/+]{43}=", end="A-Za-z0-9/+="),
    keywords=("oci", "oracle"),
    holds=numbered,
    least_entropy=4.2,
)
backblaze = SecretRule(
    "backblaze-application-key",
    "Backblaze",
    "Application key of Backblaze B2: its storage",
    "HIGH",
    token("K00[0-9][A-Za-z0-9+/]{27}", end="A-Za-z0-9+/="),
    keywords=("b2", "backblaze"),
    holds=genuine,
    least_entropy=4.0,
)
