"""Fills a freshly provisioned Samba database. Runs by itself: accounts.py SMB.CONF SAM.LDB < plan.json"""

import json
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB


def main(conf, url):
    lp = LoadParm(conf)
    sam = SamDB(url=url, session_info=system_session(), lp=lp)
    for user in json.load(sys.stdin):
        name = user["name"]
        sam.newuser(name, user["password"], force_password_change_at_next_login_req=user.get("mustchange", False))
        dn = sam.search(expression=f"(sAMAccountName={name})", attrs=[])[0].dn
        if user.get("expired"):
            set_values(sam, dn, "accountExpires", ["131000000000000000"])
        if user.get("disabled"):
            sam.toggle_userAccountFlags(f"(sAMAccountName={name})", 2, "disable", on=True)
        if user.get("noexpire", True):
            sam.toggle_userAccountFlags(f"(sAMAccountName={name})", 0x10000, "noexpire", on=True)
        if "etypes" in user:
            set_values(sam, dn, "msDS-SupportedEncryptionTypes", [str(user["etypes"])])
        if user.get("spns"):
            set_values(sam, dn, "servicePrincipalName", user["spns"])
        for key, values in user.get("set", {}).items():
            set_values(sam, dn, key, values)
        if user.get("uac_on"):
            sam.toggle_userAccountFlags(f"(sAMAccountName={name})", user["uac_on"], "flags", on=True)
        if user.get("groups"):
            groups(sam, dn, user["groups"], name)


def set_values(sam, dn, attribute, values):
    message = ldb.Message(dn)
    message[attribute] = ldb.MessageElement(values, ldb.FLAG_MOD_REPLACE, attribute)
    sam.modify(message)


def groups(sam, dn, count, name):
    sam.transaction_start()
    for i in range(count):
        group = f"{name}-group-{i:04d}"
        sam.newgroup(group)
        gdn = sam.search(expression=f"(sAMAccountName={group})", attrs=[])[0].dn
        message = ldb.Message(gdn)
        message["member"] = ldb.MessageElement([str(dn)], ldb.FLAG_MOD_ADD, "member")
        sam.modify(message)
    sam.transaction_commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
