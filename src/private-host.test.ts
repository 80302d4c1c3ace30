import { expect, test } from "bun:test";
import { isPrivateHost } from "./private-host.ts";

const hostOf = (address: string) => new URL(`https://${address}/`).hostname;

test.each([
  "localhost",
  "shop.localhost",
  "passes",
  "nas.local",
  "passes.internal",
  "router.home.arpa",
  "Passes.LAN.",
  "127.0.0.1",
  "127.1",
  "0x7f000001",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.20",
  "169.254.169.254",
  "100.64.0.1",
  "[::1]",
  "[::]",
  "[fd12:3456::1]",
  "[fe80::1]",
  "[::ffff:10.0.0.1]",
])("%s is private", (address) => {
  expect(isPrivateHost(hostOf(address))).toBe(true);
});

test.each([
  "passes.example.com",
  "local.example.com",
  "localhost.example.com",
  "172.32.0.1",
  "100.128.0.1",
  "11.0.0.1",
  "192.169.0.1",
  "8.8.8.8",
  "[2001:db8::1]",
  "[::ffff:8.8.8.8]",
  "fd.example.com",
  "10.example.com",
])("%s is not", (address) => {
  expect(isPrivateHost(hostOf(address))).toBe(false);
});
