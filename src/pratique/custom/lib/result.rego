package lib.result

import rego.v1

new(msg, cause) := data.pratique.result_new(msg, cause)
