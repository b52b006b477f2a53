package io.github.codexauth.runner.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** A stream into a {@link PrintStream}, which keeps errors to itself: here they are thrown. */
public final class ReaderMayLeave extends OutputStream {
    private final PrintStream to;

    public ReaderMayLeave(PrintStream to) {
        this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
        to.write(b);
        requireReader();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        to.write(bytes, offset, length);
        requireReader();
    }

    @Override
    public void flush() throws IOException {
        to.flush();
        requireReader();
    }

    private void requireReader() throws IOException {
        if (to.checkError()) {
            throw new IOException("nobody takes the output any more");
        }
    }
}
