"""Patterns for the steps that most timelines share."""

DNS = [r"dns query A ", r"dns answer A .*rcode=0 \[.*192\.168\.2\."]
CONNECT = [r"tcp syn-ack 192\.168\.2\.\d+:80>"]
ASKED = [r"http GET [^+]*$"]
CHALLENGE = [*ASKED, r"http 401 offers \[Negotiate"]
TGS_REQ = [r"krb TGS-REQ .*HTTP"]
TGS = [*TGS_REQ, r"krb TGS-REP"]
TOKEN = [r"http GET .*\+auth:Negotiate Y"]
DONE = [*TOKEN, r"http 200"]
FULL = DNS + CHALLENGE + TGS + DONE
NO_TGS = [r"krb TGS-REQ"]
NO_TOKEN = [r"\+auth:Negotiate"]


def refused(number):
    """A token refused with this Kerberos error inside the 401."""
    return [*TOKEN, rf"krb KRB-ERROR {number} in http"]


def kdc_error(number):
    return [*TGS_REQ, rf"krb KRB-ERROR {number} "]
