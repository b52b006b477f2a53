/** The image in real containers, with the real Codex CLI in it and a stand-in for OpenAI's servers on loopback. */
package io.github.codexauth.image;
