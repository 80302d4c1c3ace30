import type { RuleId } from "../format/schema.ts";

/** `error`: the device refuses the pass, or something essential is missing on it. `warning`: it loses something. */
export type Severity = "error" | "warning";

export interface Finding {
  readonly id: RuleId;
  readonly severity: Severity;
  /** A key (`pass.storeCard.primaryFields.0.value`) or a file of the package (`fr.lproj/logo@2x.png`). */
  readonly path: string;
  /** Reads on from the path: `is missing; …`. */
  readonly message: string;
  /** What a device writes into its log, where that is known. */
  readonly deviceMessage?: string;
}

/** What one rule found at one place. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  /** Where this case weighs less than the rule does. */
  readonly severity?: Severity;
  readonly deviceMessage?: string;
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What the certificate that signs the pass says about it. */
export interface CertificateFacts {
  /** UID of the subject. */
  readonly passTypeIdentifier: string | undefined;
  /** OU of the subject. */
  readonly teamIdentifier: string | undefined;
  /** Apple's NFC entitlement. */
  readonly nfc: boolean;
}

/** What a pass is judged by besides its pass.json. */
export interface LintContext {
  /** Milliseconds. */
  readonly now: number;
  /** File names as in the package, such as `fr.lproj/logo@2x.png`; `undefined` for one that cannot be decoded. */
  readonly images: ReadonlyMap<string, ImageSize | undefined>;
  /** Language (`fr`) → its `pass.strings`; `undefined` for one in a form that is not read here. */
  readonly locales: ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;
  /** Language → what is wrong with its `pass.strings`. */
  readonly brokenStrings?: ReadonlyMap<string, string> | undefined;
  /** `personalization.json`, parsed; absent when the package has none. */
  readonly personalization?: unknown;
  readonly certificate?: CertificateFacts | undefined;
  /** False for a server that is being tried out: its web service may be http and on a private host. Default: true. */
  readonly production?: boolean | undefined;
  /** Another record has this serial number in the same pass type. */
  readonly serialNumberTaken?: boolean | undefined;
  /** The revision that phones have; absent when the pass is issued. */
  readonly previous?:
    | {
        readonly serialNumber: string;
        readonly passTypeIdentifier: string;
        readonly authenticationToken?: string | undefined;
      }
    | undefined;
  /** Somebody has signed up with `personalization.json`; this is the revision for them. */
  readonly personalized?: boolean | undefined;
}

export interface LintReport {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}
