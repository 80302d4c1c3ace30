import { readSigningMaterial, type SigningMaterial } from "../src/apple/certificate.ts";
import { createDevelopmentChain } from "../src/apple/development-chain.ts";
import { type PassIssuer, renderPassJson } from "../src/apple/pass-json.ts";
import { checkTemplate } from "../src/templates/check.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { pointsCard } from "../src/templates/gallery/points-card.ts";
import type { Json } from "../src/templates/placeholders.ts";

/** The card that every builder builds: the gallery's points card with six images. */
export interface SampleCard {
  readonly images: ReadonlyMap<string, Buffer>;
  readonly material: SigningMaterial;
  /** The PEM that the chain was made with (PKCS #1), which is what other libraries read. */
  readonly privateKeyPem: string;
  /** pass.json of the nth card. */
  passJson(n: number): Record<string, Json>;
}

const PUBLIC_URL = "https://passes.example.com";
const PASS_TYPE = { passTypeIdentifier: "pass.com.example.card", teamIdentifier: "ABCDE12345" };

export async function loadSampleCard(): Promise<SampleCard> {
  const source = await readGalleryTemplate(pointsCard);
  const images = new Map([...source.images].filter(([name]) => !name.includes("@3x")));
  const checked = checkTemplate(source.definition, images);
  if (!checked.ok) throw new Error(checked.problems.map(({ path, message }) => `${path} ${message}`).join("; "));

  const now = Date.now();
  const chain = createDevelopmentChain({ ...PASS_TYPE, now });
  const material = readSigningMaterial(
    {
      certificate: Buffer.from(chain.certificatePem),
      key: Buffer.from(chain.privateKeyPem),
      intermediate: Buffer.from(chain.intermediatePem),
    },
    now,
  );
  const issuer: PassIssuer = {
    ...PASS_TYPE,
    organizationName: "Fennimore Coffee",
    webServiceURL: `${PUBLIC_URL}/passkit`,
    authenticationToken: "0123456789abcdefghijABCDEFGHIJ0123456789abc",
  };
  return {
    images,
    material,
    privateKeyPem: chain.privateKeyPem,
    passJson(n) {
      const serial = String(n).padStart(26, "0");
      const content = {
        serial,
        url: `${PUBLIC_URL}/p/${serial}`,
        values: { "member-name": `Sarah Miller ${n}`, "points-balance": String(n % 1000), "member-level": "Regular" },
        recipientName: `Sarah Miller ${n}`,
        recipientEmail: `sarah.${n}@example.com`,
        issuedAt: now,
        voided: false,
        expiredAt: null,
      };
      return renderPassJson(checked.definition, content, issuer);
    },
  };
}
