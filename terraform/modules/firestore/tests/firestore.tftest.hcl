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

run "an_index_has_the_fields_of_its_query_in_their_order" {
  command = plan

  assert {
    condition     = google_firestore_index.live["changes_of_a_topic"].fields[*].field_path == tolist(["topic", "id"])
    error_message = "A watcher asks for a topic, in the order of ids."
  }
}
