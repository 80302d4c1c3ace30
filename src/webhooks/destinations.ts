import ipaddr from "ipaddr.js";
import { isPrivateHost } from "../private-host.ts";

type Address = ReturnType<typeof ipaddr.parse>;

/** What is not on the public internet and may be sent to all the same. */
export interface Allowance {
  /** Names, lower-case: whatever address they lead to. */
  readonly hosts: ReadonlySet<string>;
  readonly networks: readonly (readonly [Address, number])[];
}

/** Reads `n8n, 10.0.0.0/8, ::1`. Throws an `Error` that names what is neither a host, an address nor a network. */
export function parseAllowance(text: string): Allowance {
  const hosts = new Set<string>();
  const networks: [Address, number][] = [];
  for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else if (isAddress(entry)) networks.push(only(meant(ipaddr.parse(entry))));
    else if (/^[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(entry)) hosts.add(entry.toLowerCase());
    else throw new Error(`"${entry}" is not a host, an address or a network such as 10.0.0.0/8`);
  }
  return { hosts, networks };
}

/** What is wrong with a URL as far as it tells by itself ("must …", "leads to …"); nothing where it may be tried. */
export function refusalOfUrl(url: URL, allowance: Allowance): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return HTTPS;
  if (url.username || url.password) return "must not hold a user name or password: it is shown in lists";
  const host = hostOf(url);
  if (isAddress(host)) return refusalOfAddress(url, host, allowance);
  const mayBePrivate = allowance.hosts.has(host) || (isPrivateHost(host) && allowance.networks.length > 0);
  if (mayBePrivate) return undefined;
  if (isPrivateHost(host)) return notPublic(host);
  return url.protocol === "https:" ? undefined : HTTPS;
}

/**
 * The same for an address that the URL's host leads to. Public is only what is known to be: every range that is set
 * aside for something else is refused (loopback, private, link-local and so cloud metadata, unique local, carrier-grade
 * NAT, multicast, …; IANA's special-purpose address registries).
 */
export function refusalOfAddress(url: URL, address: string, allowance: Allowance): string | undefined {
  const given = meant(ipaddr.parse(address));
  if (isPublic(given)) return url.protocol === "https:" ? undefined : HTTPS;
  const isAllowed = allowance.hosts.has(hostOf(url)) || allowance.networks.some((network) => matches(given, network));
  return isAllowed ? undefined : notPublic(address);
}

/** The host as sockets take it: an IPv6 address without brackets, a name without the dot at its end. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

/** Whether it is an address, in the one form in which `URL` and DNS write it. */
export const isAddress = (host: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);

const HTTPS = "must begin with https:// (http is for private networks that PASSHOOK_WEBHOOK_ALLOW_PRIVATE names)";

const notPublic = (where: string): string =>
  `leads to ${where}, which is not on the public internet (PASSHOOK_WEBHOOK_ALLOW_PRIVATE can allow it)`;

/** The part of IPv6 that is given out at all. */
const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");
const NAT64 = ipaddr.parseCIDR("64:ff9b::/96");

const isPublic = (address: Address): boolean =>
  address.range() === "unicast" && (address.kind() === "ipv4" || address.match(GLOBAL_IPV6));

const matches = (address: Address, network: readonly [Address, number]): boolean =>
  address.kind() === network[0].kind() && address.match([...network]);

/** Where it really leads: an IPv4 address may be written as IPv6, mapped or for NAT64 (RFC 4291, 6052). */
function meant(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const holdsIpv4 = address.isIPv4MappedAddress() || address.match(NAT64);
  return holdsIpv4 ? new ipaddr.IPv4(address.toByteArray().slice(-4)) : address;
}

const only = (address: Address): [Address, number] => [address, address.kind() === "ipv4" ? 32 : 128];
