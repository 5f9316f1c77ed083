import { scene } from "../../test/scene/scene.ts";

/** A DNS server that has never heard of the domain. */
export default scene()
  .dnsAt("10.11.12.1")
  .dnsQuery("_ldap._tcp.Headquarters._sites.dc._msdcs.contoso.com", "SRV")
  .dnsError(3)
  .dnsQuery("_ldap._tcp.dc._msdcs.contoso.com", "SRV")
  .dnsError(3)
  .dnsQuery("_ldap._tcp.contoso.com", "SRV")
  .dnsError(3);
