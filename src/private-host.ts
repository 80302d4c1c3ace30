/** Ranges that no phone outside can reach (RFC 1918, 6598, 3927, 1122). */
const PRIVATE_IPV4 =
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
/** Loopback, unique local and link-local addresses (RFC 4291, 4193). */
const PRIVATE_IPV6 = /^(::1?$|f[cd]|fe[89ab])/;
/** Names that mean something in one network only (RFC 6761, 6762, 8375; `internal` is ICANN's). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|home\.arpa)$/;

/** Whether a host, as `URL.hostname` writes it, can be reached from this machine or its network only. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  if (host.includes(":")) {
    const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host);
    return mapped ? PRIVATE_IPV4.test(dotted(mapped[1] ?? "", mapped[2] ?? "")) : PRIVATE_IPV6.test(host);
  }
  if (/^\d+(\.\d+){3}$/.test(host)) return PRIVATE_IPV4.test(host);
  return PRIVATE_NAME.test(host) || !host.includes(".");
}

/** An IPv4 address from the two last groups of an IPv6 address that holds it. */
function dotted(high: string, low: string): string {
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join(".");
}
