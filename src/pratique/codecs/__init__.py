"""Other people's formats as typed records: functions of bytes, no I/O."""
