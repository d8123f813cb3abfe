variables {
  project_id = "market-test"
  location   = "us-south1"
}

run "the_live_store_is_closed_to_clients_and_forgets_old_changes" {
  command = plan

  assert {
    condition     = strcontains(google_firebaserules_ruleset.nobody.source[0].files[0].content, "allow read, write: if false;")
    error_message = "Rules must let no client in."
  }
  assert {
    condition     = !strcontains(google_firebaserules_ruleset.nobody.source[0].files[0].content, "if true")
    error_message = "Rules must let no client in."
  }
  assert {
    condition     = google_firestore_field.expiry["live_changes"].field == "expires_at"
    error_message = "Changes must expire."
  }
}

run "what_watchers_ask_by_keeps_its_index_and_what_nobody_asks_for_has_none" {
  command = plan

  assert {
    condition     = !contains(keys(google_firestore_field.unindexed), "live_changes.stored_at")
    error_message = "A watcher asks for what was stored from a time on."
  }
  assert {
    condition     = contains(keys(google_firestore_field.unindexed), "live_changes.changes")
    error_message = "An index of what was said is written for nobody."
  }
}
