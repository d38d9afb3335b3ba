package lib.datetime

import rego.v1

ns_in_day := 86400000000000

days_to_ns(days) := days * ns_in_day

is_never(time_text) := time_text == "0001-01-01T00:00:00Z"

is_valid(time_text) := time_text != "0001-01-01T00:00:00Z"

age(time_text) := time.now_ns() - time.parse_rfc3339_ns(time_text)

time_diff_gt_days(time_text, days) := age(time_text) > days_to_ns(days)

time_diff_lt_days(time_text, days) := age(time_text) < days_to_ns(days)
