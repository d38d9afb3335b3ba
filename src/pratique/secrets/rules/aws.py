"""Amazon Web Services."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, is_aws_key_id, mixed, starts
from pratique.secrets.shapes import assigned, token

key_id = SecretRule(
    "aws-access-key-id",
    "AWS",
    "Access key id of an AWS account (names the key; of use with its secret key)",
    "CRITICAL",
    token("(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    keywords=("akia", "asia", "abia", "acca"),
    holds=is_aws_key_id,
    least_entropy=3.0,
)
secret_key = SecretRule(
    "aws-secret-access-key",
    "AWS",
    "Secret access key of an AWS account: acts as its user or role",
    "CRITICAL",
    assigned(
        "aws[_.-]?(?:iam[_.-]?)?(?:secret|sec|access|key)|secret[_.-]?access[_.-]?key|secretkey|awssecret",
        "[A-Za-z0-9/+]{40}",
        end="A-Za-z0-9/+=",
    ),
    keywords=("aws", "secretaccesskey", "secret_access_key", "secret-access-key", "secretkey"),
    holds=mixed,
    least_entropy=4.0,
)
session_token = SecretRule(
    "aws-session-token",
    "AWS",
    "Session token of temporary AWS credentials",
    "HIGH",
    assigned(
        "(?:aws|amz|x-amz)[_.-]?(?:session|security)[_.-]?token|session[_.-]?token",
        "(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=%]{80,2000}",
        end="A-Za-z0-9/+=",
    ),
    keywords=("iqojb3jpz2lu", "fwogzxivyxdz", "fqogzxivyxdz"),
    holds=genuine,
    least_entropy=4.0,
)
bedrock = SecretRule(
    "aws-bedrock-api-key",
    "AWS",
    "Long-term API key of Amazon Bedrock: runs models on the account's bill",
    "HIGH",
    token("ABSK[A-Za-z0-9+/]{109,269}={0,2}", end="A-Za-z0-9+/="),
    keywords=("absk",),
    holds=lambda secret: starts(b"BedrockAPIKey-")(secret[4:]),
    least_entropy=4.0,
)
bedrock_short = SecretRule(
    "aws-bedrock-short-term-api-key",
    "AWS",
    "Short-term API key of Amazon Bedrock: runs models on the account's bill",
    "MEDIUM",
    token("bedrock-api-key-[A-Za-z0-9+/=]{100,3000}", end="A-Za-z0-9+/="),
    keywords=("bedrock-api-key-",),
    holds=lambda secret: starts(b"bedrock.amazonaws.com/")(secret[16:]),
)
mws = SecretRule(
    "aws-mws-auth-token",
    "AWS",
    "Token of Amazon's Marketplace Web Service: acts for a seller",
    "HIGH",
    token("amzn[.]mws[.][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    keywords=("amzn.mws.",),
    holds=genuine,
    least_entropy=3.0,
)
presigned = SecretRule(
    "aws-presigned-url",
    "AWS",
    "Presigned address of an S3 object: reads or writes it until the address expires",
    "LOW",
    r"X-Amz-Credential=(?:AKIA|ASIA)[A-Z2-7]{16}[A-Za-z0-9%/_.&=;-]{20,400}X-Amz-Signature=(?P<secret>[0-9a-f]{64})(?:$|[^0-9a-f])",
    keywords=("x-amz-signature=",),
    holds=genuine,
    least_entropy=3.0,
)
