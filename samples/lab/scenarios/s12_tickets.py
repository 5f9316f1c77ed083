"""Tickets without a service leg, and what a TGT does in its life."""

from kflab.scenario import HOST, scenario

from .steps import DNS, DONE, CHALLENGE, TGS


def ticket(name, says, **more):
    return scenario(name, says, kind="ticket", **more)


@ticket("ticket-only", "a service ticket is fetched and nothing else happens (kvno)", verdict="incomplete", outcome="kerberos", spn=f"HTTP/{HOST}", see=TGS, never=["http"])
def only(b):
    b.kinit()
    b.capture()
    b.tool("kvno", f"HTTP/{HOST}")


@ticket("sql-spn-missing", "a database's SPN with its port is not registered", verdict="diverged", step=6, outcome="refused", rules=["sql-sspi", "tgs-s-unknown", "tgs-spn-port"], code=7,
        host="sql.contoso.com", spn="MSSQLSvc/sql.contoso.com:1433", see=["krb TGS-REQ .*MSSQLSvc", "krb KRB-ERROR 7 "], never=["http"])
def sql(b):
    b.kinit()
    b.capture()
    b.tool("kvno", "MSSQLSvc/sql.contoso.com:1433")


@ticket("spn-with-port-missing", "a client asks for the SPN with its port, registered without", verdict="diverged", step=6, outcome="refused", rules=["tgs-spn-port", "tgs-s-unknown"], code=7,
        spn=f"HTTP/{HOST}:80", see=["krb TGS-REQ .*:80", "krb KRB-ERROR 7 "], never=["http"])
def with_port(b):
    b.kinit()
    b.capture()
    b.tool("kvno", f"HTTP/{HOST}:80")


@ticket("two-tickets-one-refused", "two tickets asked for, one SPN unknown", verdict="diverged", step=6, outcome="refused", rules=["tgs-s-unknown"], code=7, host="nospn.contoso.com",
        see=["krb TGS-REQ .*iisserver", "krb TGS-REP", "krb TGS-REQ .*nospn", "krb KRB-ERROR 7 "],
        more=[{"kind": "ticket", "host": HOST, "verdict": "incomplete", "divergedAt": None, "outcome": "kerberos", "rules": [], "code": None}])
def two(b):
    b.kinit()
    b.capture()
    b.tool("kvno", f"HTTP/{HOST}", "HTTP/nospn.contoso.com")


@scenario("tgt-renewed-then-login", "the TGT is renewed (TGS-REQ for krbtgt of its own realm), then the login", see=["krb TGS-REQ .*krbtgt/CONTOSO.COM/krbtgt", "krb TGS-REP", *DNS, *CHALLENGE, *TGS, *DONE])
def renewed(b):
    b.apache()
    b.kinit("John", "-r", "7d")
    b.capture()
    b.tool("kinit", "-R")
    b.curl()


@scenario("sign-on-service-ticket-directly", "the AS exchange gives the service ticket itself (kinit -S), no TGS", see=["krb AS-REQ .*iisserver", "krb AS-REP", *DNS, *CHALLENGE, *DONE], never=["krb TGS-REQ"])
def directly(b):
    b.apache()
    b.capture()
    b.kinit("John", "-S", f"HTTP/{HOST}")
    b.curl()
