package io.github.codexauth.stores.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An answer that is read up to a limit, or up to a line that is waited for. */
public final class BoundedBody implements BodySubscriber<byte[]> {
    private final int longest;
    private final @Nullable Predicate<byte[]> last;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    private BoundedBody(int longest, @Nullable Predicate<byte[]> last) {
        this.longest = longest;
        this.last = last;
    }

    /** The whole answer; an {@link IOException} if it is longer. */
    public static BoundedBody upTo(int longest) {
        return new BoundedBody(longest, null);
    }

    /**
     * An answer that goes on line by line, up to the first line that passes: that one. Nothing if it ends before.
     *
     * @param longest of a line
     */
    public static BoundedBody upToLine(int longest, Predicate<byte[]> last) {
        return new BoundedBody(longest, last);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            while (piece.hasRemaining() && !whole.isDone()) {
                take(piece.get());
            }
        }
    }

    private void take(byte next) {
        bytes.write(next);
        if (bytes.size() > longest) {
            end();
            whole.completeExceptionally(new IOException("an answer is longer than " + longest + " bytes"));
        } else if (next == '\n' && last != null) {
            if (last.test(bytes.toByteArray())) {
                end();
                whole.complete(bytes.toByteArray());
            }
            bytes.reset();
        }
    }

    private void end() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toByteArray());
    }
}
