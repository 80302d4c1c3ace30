import { createHash } from "node:crypto";
import type { ImageAddress } from "../../../preview/pass-images.ts";
import type { AdminFile } from "../../admin-file.ts";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { pngOf } from "./template-images.ts";

/** Where somebody has an image of their draft: the content is in the address, since the name stays. */
export const draftImageAddress =
  (visit: Visit, templateId: string): ImageAddress =>
  (file, bytes) => {
    const edition = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    return visit.to(`/templates/${templateId}/design/images/${edition}/${encodeURIComponent(file)}`);
  };

export const draftImages = ({ drafts }: Pick<PageDependencies, "drafts">): AdminFile => ({
  path: "/templates/:template/design/images/:edition/:file",
  role: "editor",
  async load({ account, admin, params }) {
    const { template = "", file = "" } = params;
    const { images } = await drafts.open({ accountId: account.id, adminId: admin.id, templateId: template });
    return pngOf(images, file);
  },
});
