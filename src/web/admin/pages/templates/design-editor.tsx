/** @jsxImportSource preact */
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import type { ImageAddress } from "../../../preview/pass-images.ts";
import type { PassView } from "../../../preview/pass-view.ts";
import { Hidden } from "../../components/form.tsx";
import { BasicsSection, ColoursSection, ImagesSection } from "./design-basics.tsx";
import { CONFLICT_ID } from "./design-conflict.tsx";
import { ExpertSection } from "./design-expert.tsx";
import { FrontSection } from "./design-front.tsx";
import type { DesignForm } from "./design-inputs.tsx";
import { LanguagesSection } from "./design-languages.tsx";
import { BarcodeSection, DeliverySection, InputsSection } from "./design-more.tsx";
import { DesignPreview } from "./design-preview.tsx";
import { LinksSection, WhenAndWhereSection } from "./design-when.tsx";

export interface DesignEditorProps {
  readonly form: DesignForm;
  readonly draft: Draft;
  readonly view: PassView;
  readonly imageAddress: ImageAddress;
  /** Somebody saved another version meanwhile: it cannot be saved before that is decided. */
  readonly overtaken: boolean;
}

/** One form for all: whichever of its buttons is pressed, what was typed is stored. */
export function DesignEditor({ form, draft, view, imageAddress, overtaken }: DesignEditorProps) {
  const { visit } = form;
  return (
    <form
      method="post"
      action={visit.action("draft")}
      enctype="multipart/form-data"
      class="designer"
      data-design
      noValidate
    >
      {/* What the enter key presses. */}
      <button type="submit" class="unseen" tabindex={-1}>
        Preview
      </button>
      <Hidden name="based-on" value={draft.basedOn} />
      <div class="design-form">
        <BasicsSection form={form} />
        <ColoursSection form={form} colours={view.colours} />
        <ImagesSection form={form} draft={draft} imageAddress={imageAddress} />
        <FrontSection form={form} />
        <InputsSection form={form} />
        <BarcodeSection form={form} />
        <WhenAndWhereSection form={form} />
        <LinksSection form={form} />
        <LanguagesSection form={form} />
        <DeliverySection form={form} />
        <ExpertSection form={form} />
      </div>
      <DesignPreview form={form} draft={draft} view={view} />
      <div class="design-end">
        {overtaken ? (
          <a class="button primary" href={`#${CONFLICT_ID}`}>
            Decide which version stays
          </a>
        ) : (
          <button type="submit" class="button primary" formaction={visit.action("save")}>
            {draft.basedOn === 0 ? "Save the template" : `Save as version ${draft.basedOn + 1}`}
          </button>
        )}
        <a class="button plain to-preview" href="#pass-preview">
          See the pass
        </a>
      </div>
    </form>
  );
}
