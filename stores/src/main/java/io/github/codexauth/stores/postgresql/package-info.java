/**
 * Stores in a PostgreSQL database, for runners that share no disk.
 *
 * <p>{@link io.github.codexauth.stores.postgresql.PostgresqlStore} keeps logins in rows, by the server's clock
 * alone, and holds no connection between two calls. The driver is loaded when the first connection is made.
 */
@NullMarked
package io.github.codexauth.stores.postgresql;

import org.jspecify.annotations.NullMarked;
