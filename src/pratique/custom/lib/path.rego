package lib.path

import rego.v1

is_sub_path(path, parent) if startswith(path, trim_suffix(parent, "/"))
