package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.store.Envelope;

/** A login as the store has it, opened. */
record StoredLogin(Envelope envelope, AuthJson auth) {}
