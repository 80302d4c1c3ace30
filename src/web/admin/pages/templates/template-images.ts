import { AppError } from "../../../../errors.ts";
import type { TemplateVersion } from "../../../../templates/template-store.ts";
import type { ImageAddress } from "../../../preview/pass-images.ts";
import type { AdminFile } from "../../admin-file.ts";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";

const PATH = "/templates/:template/images/:version/:file";

/** Where the admin site has an image of a template's version. */
export const versionImageAddress =
  (visit: Visit, { id, version }: Pick<TemplateVersion, "id" | "version">): ImageAddress =>
  (file) =>
    visit.to(`/templates/${id}/images/${version}/${encodeURIComponent(file)}`);

/** The images of templates, also of their former versions. */
export const templateImages = ({ templates }: Pick<PageDependencies, "templates">): AdminFile => ({
  path: PATH,
  role: "viewer",
  async load({ account, params }) {
    const { template = "", version = "", file = "" } = params;
    const { images } = await templates.version(account.id, template, Number(version));
    return pngOf(images, file);
  },
});

/** Throws `not_found`. */
export function pngOf(images: ReadonlyMap<string, Buffer>, file: string) {
  const bytes = images.get(file);
  if (!bytes) throw new AppError("not_found", "There is no such image.");
  return { bytes: new Uint8Array(bytes), type: "image/png" };
}
