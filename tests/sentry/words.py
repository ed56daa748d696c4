"""What must not reach Sentry, and what must."""

EMAIL = "doctor.strange@clinica.com"
LINK = "https://meet.google.com/abc-defg-hij"
TOKEN = "ya29.a0AfH6SMBxkJ"
NAMES = (EMAIL, "strange", "clinica.com", LINK, "abc-defg-hij", TOKEN, "Bearer")

MEETING_ID = "0123456789abcdef0123456789abcdef"
