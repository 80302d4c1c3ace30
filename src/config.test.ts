import { afterAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../test/support/temporary-folder.ts";
import { flagOf, resolveConfig, SETTING_NAMES, type SettingName, variableOf } from "./config.ts";
import { AppError } from "./errors.ts";

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function file(content: string): string {
  const path = join(folder.path, `setting-${content.length}`);
  writeFileSync(path, content);
  return path;
}

/** `path → message` of everything that is wrong. */
function problemsOf(
  flags: Partial<Record<SettingName, string>>,
  env: Record<string, string> = {},
): Record<string, string> {
  try {
    resolveConfig(flags, env);
    return {};
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Object.fromEntries(error.details.map(({ path, message }) => [path, message]));
  }
}

const settled = (flags: Partial<Record<SettingName, string>>, env: Record<string, string>, name: SettingName) => {
  const { value, origin } = resolveConfig(flags, env).settings.find((one) => one.name === name) ?? {};
  return [value, origin];
};

test("the settings are those that scripts rely on", () => {
  expect(SETTING_NAMES.map(variableOf)).toEqual([
    ...["PASSHOOK_DATA", "PASSHOOK_LISTEN", "PASSHOOK_PUBLIC_URL", "PASSHOOK_KLAVIYO_URL", "PASSHOOK_APNS_URL"],
    ...["PASSHOOK_APNS_CA", "PASSHOOK_WEBHOOK_ALLOW_PRIVATE", "PASSHOOK_MASTER_KEY", "PASSHOOK_METRICS_TOKEN"],
    ...["PASSHOOK_ADMIN_EMAIL", "PASSHOOK_ADMIN_PASSWORD"],
  ]);
  expect(SETTING_NAMES.map(flagOf)).toContain("--public-url");
});

test("without anything the defaults hold", () => {
  expect(resolveConfig({}, {})).toMatchObject({
    config: {
      dataDir: "./data",
      listen: { hostname: "127.0.0.1", port: 8080 },
      publicUrl: "http://localhost:8080",
      klaviyoUrl: "https://a.klaviyo.com",
      apnsUrl: "https://api.push.apple.com",
    },
    secrets: { masterKey: undefined, metricsToken: undefined },
  });
});

describe("flag before environment before file before default", () => {
  const env = { PASSHOOK_DATA: "/environment" };
  const fromFile = { PASSHOOK_DATA_FILE: file("/file\n") };
  test.each([
    [{ data: "/flag" }, { ...env, ...fromFile }, "/flag", "flag"],
    [{}, { ...env, ...fromFile }, "/environment", "environment"],
    [{}, fromFile, "/file", "file"],
    [{}, { PASSHOOK_DATA: "", ...fromFile }, "/file", "file"],
    [{}, { PASSHOOK_DATA: "" }, "./data", "default"],
    [{}, {}, "./data", "default"],
  ] as const)("%j and %j: %s", (flags, given, value, origin) => {
    expect(settled(flags, given, "data")).toEqual([value, origin]);
  });

  test("for every setting", () => {
    const value: Partial<Record<SettingName, string>> = { listen: "127.0.0.1:1", webhookAllowPrivate: "10.0.0.0/8" };
    for (const name of SETTING_NAMES) {
      const text = value[name] ?? "https://example.com";
      expect(settled({ [name]: text }, { [variableOf(name)]: "no" }, name)).toEqual([text, "flag"]);
      expect(settled({}, { [variableOf(name)]: text }, name)).toEqual([text, "environment"]);
      expect(settled({}, { [`${variableOf(name)}_FILE`]: file(text) }, name)).toEqual([text, "file"]);
    }
  });
});

test("the public address follows the port where it is not given", () => {
  expect(resolveConfig({ listen: "0.0.0.0:9000" }, {}).config.publicUrl).toBe("http://localhost:9000");
  expect(settled({ listen: "0.0.0.0:9000" }, {}, "publicUrl")).toEqual(["http://localhost:9000", "default"]);
});

test("secrets are kept apart from what may be printed", () => {
  const { config, secrets } = resolveConfig({}, { PASSHOOK_MASTER_KEY: "s3cret", PASSHOOK_ADMIN_PASSWORD: "passw0rd" });
  expect(JSON.stringify(config)).not.toMatch(/s3cret|passw0rd/);
  expect(secrets.masterKey).toBe("s3cret");
});

describe("addresses to listen on", () => {
  test.each([
    ["127.0.0.1:8080", "127.0.0.1", 8080],
    [":8080", "0.0.0.0", 8080],
    ["[::]:8080", "::", 8080],
    ["[::1]:65535", "::1", 65535],
    ["localhost:0", "localhost", 0],
  ])("%s", (listen, hostname, port) => {
    expect(resolveConfig({ listen }, {}).config.listen).toEqual({ hostname, port });
  });

  test.each(["8080", "localhost", "127.0.0.1:", "127.0.0.1:99999", "::1:8080", "http://localhost:80", "", "a:b"])(
    "not %j",
    (listen) => {
      expect(problemsOf({ listen })).toEqual({
        PASSHOOK_LISTEN: `"${listen}" is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080`,
      });
    },
  );
});

describe("addresses of servers", () => {
  test.each([
    ["https://passes.example.com", "https://passes.example.com"],
    ["https://passes.example.com/", "https://passes.example.com"],
    ["https://example.com/passes//", "https://example.com/passes"],
    ["http://localhost:8080", "http://localhost:8080"],
  ])("%s", (given, publicUrl) => {
    expect(resolveConfig({ publicUrl: given }, {}).config.publicUrl).toBe(publicUrl);
  });

  test.each([
    "passes.example.com",
    "ftp://example.com",
    "https://example.com/?a=b",
    "https://example.com/#a",
    "",
    "https://",
  ])("not %j", (text) => {
    for (const name of ["publicUrl", "klaviyoUrl", "apnsUrl"] as const) {
      expect(problemsOf({ [name]: text })[variableOf(name)]).toContain("is not an http(s) address");
    }
  });
});

describe("what stops the start", () => {
  test.each([
    ["PASSHOOK_PUBLICURL", ' (did you mean "PASSHOOK_PUBLIC_URL"?)'],
    ["PASSHOOK_MASTER_KEY_FIEL", ' (did you mean "PASSHOOK_MASTER_KEY_FILE"?)'],
    ["PASSHOOK_DAT", ' (did you mean "PASSHOOK_DATA"?)'],
    ["PASSHOOK_ZEBRA_CROSSINGS_PER_MILE", ""],
  ])("the unknown name %s", (name, hint) => {
    expect(problemsOf({}, { [name]: "x" })).toEqual({ [name]: `is not a setting${hint}` });
  });

  test("but not names of others", () => {
    expect(problemsOf({}, { PASS: "x", PASSHOOKS: "x", passhook_data: "x", MY_PASSHOOK_DATA: "x" })).toEqual({});
  });

  test("a file that cannot be read", () => {
    const problems = problemsOf({}, { PASSHOOK_MASTER_KEY_FILE: join(folder.path, "nowhere") });
    expect(problems["PASSHOOK_MASTER_KEY_FILE"]).toMatch(/ENOENT|no such file/i);
  });

  test("everything is named at once", () => {
    const env = {
      PASSHOOK_LISTENS: "x",
      PASSHOOK_LISTEN: "x",
      PASSHOOK_KLAVIYO_URL: "x",
      PASSHOOK_DATA_FILE: "/nowhere",
    };
    expect(Object.keys(problemsOf({ publicUrl: "x" }, env)).sort()).toEqual([
      "PASSHOOK_DATA_FILE",
      "PASSHOOK_KLAVIYO_URL",
      "PASSHOOK_LISTEN",
      "PASSHOOK_LISTENS",
      "PASSHOOK_PUBLIC_URL",
    ]);
  });
});
