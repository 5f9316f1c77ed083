import { HOST, scene } from "../../test/scene/scene.ts";

/** A DNS server that cannot reach what it leans on. */
export default scene()
  .dnsQuery(HOST)
  .dnsError(2)
  .dnsAt("192.168.2.2")
  .dnsQuery(HOST)
  .dnsError(2)
  .wait(10)
  .arp("192.168.2.254");
