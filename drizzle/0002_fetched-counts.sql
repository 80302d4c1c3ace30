PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_daily_counts` (
	`account_id` text NOT NULL,
	`template_id` text NOT NULL,
	`kind` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`account_id`, `template_id`, `kind`, `day`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "daily_counts_kind" CHECK("__new_daily_counts"."kind" in ('created', 'fetched', 'installed', 'updated', 'uninstalled', 'deleted', 'deleted_installed'))
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_daily_counts`("account_id", "template_id", "kind", "day", "count") SELECT "account_id", "template_id", "kind", "day", "count" FROM `daily_counts`;--> statement-breakpoint
DROP TABLE `daily_counts`;--> statement-breakpoint
ALTER TABLE `__new_daily_counts` RENAME TO `daily_counts`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
INSERT INTO `daily_counts` (`account_id`, `template_id`, `kind`, `day`, `count`)
SELECT `account_id`, `template_id`, 'fetched', `fetched_at` / 86400000, count(*)
FROM `passes` WHERE `fetched_at` IS NOT NULL
GROUP BY 1, 2, 4;
