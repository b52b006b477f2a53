package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.OneLine;
import io.github.codexauth.UsageException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.Occupancy;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows every credential of a store, without any secret. */
final class StatusCommand implements Subcommand {
    private static final Flag PROMETHEUS =
            new Flag("--prometheus", "Print metrics for Prometheus, as its text format has them.");

    private final ProcessContext process;

    StatusCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "status";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.addAll(StoreOptions.ALL);
        options.add(Options.JSON);
        options.add(PROMETHEUS);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Show every credential of the store: its age, its holder, its rescue copies. No secrets.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth status",
                        "  codex-auth status --prometheus > codex-auth.new && mv codex-auth.new codex-auth.prom");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        if (Options.JSON.isIn(inputs) && PROMETHEUS.isIn(inputs)) {
            throw new UsageException("both --json and --prometheus were given", "keep one of them");
        }
        Storage storage = new StoreOptions(process, inputs).open();
        List<CredentialStatus> rows = new ArrayList<>();
        for (CredentialId id : storage.store().list()) {
            rows.add(CredentialStatus.of(id, storage));
        }
        if (PROMETHEUS.isIn(inputs)) {
            process.out().print(StatusMetrics.of(rows, process.clock().instant()));
            process.out().flush();
            return ExitCode.OK.number();
        }
        List<String> strangers = storage.store().strangers();
        if (Options.JSON.isIn(inputs)) {
            ObjectNode object = toJson(storage, rows);
            ArrayNode passedOver = object.putArray("passedOver");
            strangers.forEach(passedOver::add);
            Json.print(process.out(), object);
            return ExitCode.OK.number();
        }
        PrintStream out = process.out();
        out.println("store " + storage.store().address());
        if (rows.isEmpty()) {
            out.println("  no credential yet; put one in: codex-auth seed --id codex-ci --seed-file auth.json");
        }
        rows.forEach(row -> print(out, row));
        if (!strangers.isEmpty()) {
            out.println("passed over, since these are no credentials: " + OneLine.of(String.join(", ", strangers)));
        }
        out.flush();
        return ExitCode.OK.number();
    }

    private void print(PrintStream out, CredentialStatus row) {
        Instant now = process.clock().instant();
        out.println(row.id());
        row.damage().ifPresent(damage -> out.println("  DAMAGED    " + damage));
        row.envelope().ifPresent(envelope -> {
            envelope.needsLogin().ifPresent(needs -> {
                out.println((needs.cause().isMove() ? "  MOVED      " : "  DEAD       needs a new login: ")
                        + needs.cause().sentence() + " ("
                        + needs.cause().label() + "), known since "
                        + needs.since().truncatedTo(ChronoUnit.SECONDS));
                out.println("             " + LoginNeededException.whatToDo(row.id(), needs));
            });
            envelope.health()
                    .usageLimitUntil()
                    .filter(end -> end.isAfter(now))
                    .ifPresent(
                            end -> out.println("  LIMITED    the account has reached its usage limit, until " + end));
            out.println("  generation " + envelope.generation() + ", saved " + Age.of(envelope.savedAt(), now) + " by "
                    + envelope.savedBy());
            out.println("  account    " + envelope.account()
                    + envelope.plan().map(plan -> " (" + plan + ")").orElse(""));
            out.println("  refreshed  " + Age.of(envelope.lastRefresh(), now));
            out.println("  expires    "
                    + envelope.expiresAt()
                            .map(expiry -> Age.of(expiry, now)
                                    + (expiry.isAfter(now)
                                                    || envelope.needsLogin().isPresent()
                                            ? ""
                                            : "; Codex refreshes it when it is next used"))
                            .orElse("the access token does not say"));
        });
        out.println(
                "  in use     " + row.occupancy().map(StatusCommand::describe).orElse("no")
                        + (row.epoch().isPresent() ? ", epoch " + row.epoch().getAsLong() : ""));
        if (!row.users().isEmpty()) {
            out.println("  shared by  " + row.users().size() + ", the first since "
                    + row.users().get(0).since() + ": " + row.users().get(0).description());
        }
        if (row.waiters().orElse(0) > 0) {
            out.println("  waiting    " + row.waiters().getAsInt());
        }
        if (row.rescueCopies() > 0) {
            out.println("  rescue     " + row.rescueCopies() + " on this machine; look: codex-auth rescue --list --id "
                    + row.id());
        }
        if (row.aside().isEmpty()) {
            out.println("  aside      cannot be seen; why: codex-auth doctor");
        } else if (row.aside().getAsInt() > 0) {
            out.println("  aside      " + row.aside().getAsInt() + " in the store; look: codex-auth rescue --list --id "
                    + row.id());
        }
    }

    private static String describe(Occupancy occupancy) {
        return "by " + occupancy.holder().description() + ", since "
                + occupancy.holder().since()
                + occupancy
                        .until()
                        .map(until -> ", at the latest until " + until)
                        .orElse("");
    }

    private static ObjectNode toJson(Storage storage, List<CredentialStatus> rows) {
        ObjectNode object = Json.object().put("store", storage.store().address());
        ArrayNode credentials = object.putArray("credentials");
        for (CredentialStatus row : rows) {
            ObjectNode credential = row.envelope()
                    .map(LoginJson::of)
                    .orElseGet(() -> Json.object().put("id", row.id().value()));
            row.damage().ifPresent(damage -> credential.put("damage", damage));
            row.occupancy().ifPresent(occupancy -> {
                ObjectNode holder = credential
                        .putObject("inUse")
                        .put("by", occupancy.holder().description())
                        .put("since", occupancy.holder().since().toString());
                row.epoch().ifPresent(epoch -> holder.put("epoch", epoch));
                occupancy.until().ifPresent(until -> holder.put("until", until.toString()));
            });
            row.waiters().ifPresent(waiters -> credential.put("waiting", waiters));
            row.aside().ifPresent(aside -> credential.put("putAside", aside));
            credentials.add(credential.put("sharedBy", row.users().size()).put("rescueCopies", row.rescueCopies()));
        }
        return object;
    }
}
