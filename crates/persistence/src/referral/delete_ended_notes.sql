DELETE FROM referral_note AS note USING referral_progress AS progress
WHERE note.from_organisation_id = tenant() AND progress.from_organisation_id = tenant()
    AND progress.referral_id = note.referral_id AND progress.status_at < $1
    AND progress.status IN ('DECLINED', 'COMPLETED', 'NOT_COMPLETED', 'CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR')
