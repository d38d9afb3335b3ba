package lib.utils

import rego.v1

has_key(some_object, key) if _ = some_object[key]
