/** Between the test's process and the Node process that holds the connections: one JSON document per line. */

export interface HostSettings {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** Roots that client certificates are checked against; none to take any. */
  readonly trustedRoots: readonly string[];
  readonly maxConcurrentStreams: number;
}

export interface ClientCertificate {
  /** The subject's UID: the pass type identifier. */
  readonly uid: string | undefined;
  readonly serialNumber: string;
  readonly validTo: number;
  /** Whether it and what came with it lead to one of the trusted roots; with none given, always. */
  readonly isTrusted: boolean;
}

export interface ReceivedRequest {
  readonly connection: number;
  readonly stream: number;
  readonly method: string;
  readonly path: string;
  /** Without pseudo headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names that came as "never indexed" (RFC 7541, section 6.2.3). */
  readonly neverIndexed: readonly string[];
  readonly body: string;
  /** Streams open on the connection when this one came, itself included. */
  readonly openStreams: number;
}

export type HostMessage =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "connected"; readonly connection: number; readonly certificate: ClientCertificate | undefined }
  | { readonly type: "request"; readonly request: ReceivedRequest }
  /** The stream ended without an answer: taken back by the client, or with its connection. */
  | { readonly type: "gone"; readonly connection: number; readonly stream: number }
  | { readonly type: "closed"; readonly connection: number }
  /** Every client knows the new limit. */
  | { readonly type: "limited" };

export interface HostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Break off in the middle of the body. */
  readonly isTruncated?: boolean;
}

export type HostCommand =
  | { readonly type: "answer"; readonly connection: number; readonly stream: number; readonly answer: HostAnswer }
  | { readonly type: "reset"; readonly connection: number; readonly stream: number; readonly code: number }
  | { readonly type: "goaway"; readonly connection: number; readonly lastStream: number; readonly data: string }
  /** A TCP reset. */
  | { readonly type: "drop"; readonly connection: number }
  | { readonly type: "limit"; readonly maxConcurrentStreams: number };
