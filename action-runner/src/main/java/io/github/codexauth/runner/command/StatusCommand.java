package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.OneLine;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows every credential of a store, without any secret. */
final class StatusCommand implements Subcommand {
    private final ProcessContext process;

    StatusCommand(ProcessContext process) {
        this.process = process;
    }

    /** One credential. */
    private record Row(
            CredentialId id,
            Optional<Envelope> envelope,
            Optional<String> damage,
            Optional<Occupancy> occupancy,
            List<Holder> users,
            int rescueCopies) {}

    @Override
    public String name() {
        return "status";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.addAll(StoreOptions.ALL);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Show every credential of the store: its age, its holder, its rescue copies. No secrets.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        Storage storage = new StoreOptions(process, inputs).open();
        List<Row> rows = new ArrayList<>();
        for (CredentialId id : storage.store().list()) {
            rows.add(row(storage, id));
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

    private static Row row(Storage storage, CredentialId id) throws CodexAuthException {
        int copies = storage.rescue().copies(id).size();
        Optional<Occupancy> occupancy = Optional.empty();
        try {
            occupancy = storage.store().occupancy(id);
            List<Holder> users = storage.store() instanceof SharedUseStore seen ? seen.users(id) : List.of();
            return new Row(id, storage.store().peek(id), Optional.empty(), occupancy, users, copies);
        } catch (StoreException damaged) {
            return new Row(id, Optional.empty(), Optional.of(damaged.problem()), occupancy, List.of(), copies);
        }
    }

    private void print(PrintStream out, Row row) {
        Instant now = process.clock().instant();
        out.println(row.id());
        row.damage().ifPresent(damage -> out.println("  DAMAGED    " + damage));
        row.envelope().ifPresent(envelope -> {
            envelope.needsLogin().ifPresent(needs -> {
                out.println("  DEAD       needs a new login: " + needs.cause().sentence() + " ("
                        + needs.cause().label() + "), known since "
                        + needs.since().truncatedTo(ChronoUnit.SECONDS));
                out.println("             " + LoginNeededException.whatToDo(row.id()));
            });
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
                "  in use     " + row.occupancy().map(StatusCommand::describe).orElse("no"));
        if (!row.users().isEmpty()) {
            out.println("  shared by  " + row.users().size() + ", the first since "
                    + row.users().get(0).since() + ": " + row.users().get(0).description());
        }
        if (row.rescueCopies() > 0) {
            out.println("  rescue     " + row.rescueCopies() + " on this machine; look: codex-auth rescue --id "
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

    private static ObjectNode toJson(Storage storage, List<Row> rows) {
        ObjectNode object = Json.object().put("store", storage.store().address());
        ArrayNode credentials = object.putArray("credentials");
        for (Row row : rows) {
            ObjectNode credential = row.envelope()
                    .map(LoginJson::of)
                    .orElseGet(() -> Json.object().put("id", row.id().value()));
            row.damage().ifPresent(damage -> credential.put("damage", damage));
            row.occupancy().ifPresent(occupancy -> {
                ObjectNode holder = credential
                        .putObject("inUse")
                        .put("by", occupancy.holder().description())
                        .put("since", occupancy.holder().since().toString());
                occupancy.until().ifPresent(until -> holder.put("until", until.toString()));
            });
            credentials.add(credential.put("sharedBy", row.users().size()).put("rescueCopies", row.rescueCopies()));
        }
        return object;
    }
}
