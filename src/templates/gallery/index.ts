import { coupon } from "./coupon.ts";
import { eventTicket } from "./event-ticket.ts";
import type { GalleryTemplate } from "./gallery-template.ts";
import { pointsCard } from "./points-card.ts";

export type { GalleryTemplate } from "./gallery-template.ts";

/** The templates a new account can start from, in the order they are shown. */
export const GALLERY: readonly GalleryTemplate[] = [pointsCard, coupon, eventTicket];
