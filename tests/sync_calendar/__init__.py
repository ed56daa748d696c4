"""`sync_calendar` through the real Calendar adapter, against the Workspace double."""
