import { readGalleryTemplate } from "../../../../templates/folder.ts";
import { GALLERY } from "../../../../templates/gallery/index.ts";
import { VERSION } from "../../../../version.ts";
import type { ImageAddress } from "../../../preview/pass-images.ts";
import type { AdminFile } from "../../admin-file.ts";
import type { Visit } from "../../visit.ts";
import { pngOf } from "./template-images.ts";

/** Where the admin site has an image of a gallery template; it may change with the program. */
export const galleryImageAddress =
  (visit: Visit, name: string): ImageAddress =>
  (file) =>
    visit.to(`/templates/new/images/${VERSION}/${name}/${encodeURIComponent(file)}`);

export const galleryImages = (): AdminFile => ({
  path: "/templates/new/images/:edition/:name/:file",
  role: "editor",
  async load({ params }) {
    const template = GALLERY.find(({ name }) => name === params["name"]);
    const { images } = template ? await readGalleryTemplate(template) : { images: new Map<string, Buffer>() };
    return pngOf(images, params["file"] ?? "");
  },
});
