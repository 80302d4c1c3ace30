import { describe, expect, test } from "bun:test";
import { parseAllowance, refusalOfAddress, refusalOfUrl } from "./destinations.ts";

const NOTHING = parseAllowance("");
const SHOP = new URL("https://hooks.example.com/passes");

describe("an address that nothing is sent to", () => {
  test.each([
    ["this network", "0.0.0.0"],
    ["loopback", "127.0.0.1"],
    ["loopback, another", "127.255.255.254"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["link-local", "169.254.1.1"],
    ["cloud metadata", "169.254.169.254"],
    ["carrier-grade NAT", "100.64.0.1"],
    ["cloud metadata in carrier-grade NAT", "100.100.100.200"],
    ["protocol assignments", "192.0.0.8"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.7"],
    ["documentation", "203.0.113.9"],
    ["benchmarks", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["multicast", "239.255.255.250"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["unique local", "fd12:3456:789a::1"],
    ["cloud metadata in unique local", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local with its zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["mapped loopback", "::ffff:127.0.0.1"],
    ["mapped private, in hex", "::ffff:a00:1"],
    ["mapped metadata", "::ffff:169.254.169.254"],
    ["IPv4-compatible loopback", "::127.0.0.1"],
    ["translated loopback", "::ffff:0:127.0.0.1"],
    ["NAT64 of a private address", "64:ff9b::10.0.0.1"],
    ["local NAT64", "64:ff9b:1::1"],
    ["6to4 of a private address", "2002:a00:1::"],
    ["Teredo", "2001::1"],
    ["discarded", "100::1"],
    ["not given out", "4000::1"],
  ])("%s: %s", (_, address) => {
    expect(refusalOfAddress(SHOP, address, NOTHING)).toBe(
      `leads to ${address}, which is not on the public internet (PASSHOOK_WEBHOOK_ALLOW_PRIVATE can allow it)`,
    );
  });

  test.each(["http://127.0.0.1/", "https://[::1]/", "https://127.1/", "https://2130706433/", "https://0x7f.1/"])(
    "%s is told by the URL alone",
    (url) => {
      expect(refusalOfUrl(new URL(url), NOTHING)).toMatch(/^leads to (127\.0\.0\.1|::1), which is not on the public/);
    },
  );

  test.each(["https://localhost/", "https://nas.local/", "https://n8n/", "https://hooks.internal./"])(
    "%s is told by its name",
    (url) => {
      expect(refusalOfUrl(new URL(url), NOTHING)).toContain("is not on the public internet");
    },
  );
});

test.each(["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])(
  "%s is on the public internet: https only",
  (address) => {
    expect(refusalOfAddress(SHOP, address, NOTHING)).toBeUndefined();
    expect(refusalOfAddress(new URL("http://hooks.example.com"), address, NOTHING)).toMatch(/^must begin with https:/);
  },
);

test.each([
  ["http://hooks.example.com/", "must begin with https://"],
  ["ftp://hooks.example.com/", "must begin with https://"],
  ["file:///etc/passwd", "must begin with https://"],
  ["https://user:word@hooks.example.com/", "must not hold a user name or password"],
])("%s: %s", (url, message) => {
  expect(refusalOfUrl(new URL(url), parseAllowance("10.0.0.0/8"))).toStartWith(message);
});

describe("what the operator allows", () => {
  const allowed = parseAllowance("10.0.0.0/8, fd00::/8\n::1,192.168.1.20 N8N hooks_1.example.com");

  test.each([
    ["https://10.1.2.3/", "10.1.2.3"],
    ["http://10.1.2.3/", "10.1.2.3"],
    ["https://[fd00::1]/", "fd00::1"],
    ["http://[::1]/", "::1"],
    ["https://192.168.1.20/", "192.168.1.20"],
    ["https://10.1.2.3/", "::ffff:10.1.2.3"],
    ["http://n8n:5678/", "172.18.0.5"],
    ["https://hooks.internal/", "10.9.9.9"],
    ["https://hooks_1.example.com/", "127.0.0.1"],
  ])("%s at %s", (url, address) => {
    expect(refusalOfUrl(new URL(url), allowed)).toBeUndefined();
    expect(refusalOfAddress(new URL(url), address, allowed)).toBeUndefined();
  });

  test.each([
    ["https://hooks.internal/", "127.0.0.1"],
    ["https://192.168.1.21/", "192.168.1.21"],
    ["https://evil.example.com/", "192.168.1.21"],
    ["https://other.n8n/", "172.18.0.5"],
  ])("and not %s at %s", (url, address) => {
    expect(refusalOfAddress(new URL(url), address, allowed)).toContain("not on the public internet");
  });

  test.each(["10.0.0.0/33", "https://example.com", "a b/8", "-", "10.0.0.0/"])("%s is none", (text) => {
    expect(() => parseAllowance(text)).toThrow("is not a host, an address or a network such as 10.0.0.0/8");
  });
});
