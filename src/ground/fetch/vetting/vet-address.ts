import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The only block from which IPv6 unicast is given out (IANA, IPv6 address space). */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** Public by number, but inside Azure's machines it is the platform's own metadata service. */
const AZURE_PLATFORM = '168.63.129.16'

/**
 * Whether `address`, an IP address, is public unicast: in no block of IANA's special-purpose registries, and no
 * IPv6 form that carries an IPv4 address (mapped, compatible, translated, NAT64, 6to4, Teredo). A zone makes it local.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%') || address === AZURE_PLATFORM) return false
  const ip = ipaddr.parse(address)
  if (ip.range() !== 'unicast') return false
  return ip instanceof ipaddr.IPv4 || ip.match(GLOBAL_UNICAST)
}
