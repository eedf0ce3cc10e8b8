using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Vrp.Cli;

/// <summary><c>vrp completion SHELL</c>: what a shell runs to complete commands and options. The scripts ask the program itself, by System.CommandLine's
/// suggest directive.</summary>
static partial class Completion
{
    static readonly Dictionary<string, string> scripts = new()
    {
        ["bash"] = """
            # eval "$(vrp completion bash)", for example in ~/.bashrc
            _vrp() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _vrp vrp ./vrp
            """,
        ["zsh"] = """
            # eval "$(vrp completion zsh)", for example in ~/.zshrc, after compinit
            _vrp() {
              local -a found
              found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              found=(${found:#})
              (( $#found )) && compadd -- $found || _files
            }
            compdef _vrp vrp ./vrp
            """,
        ["fish"] = """
            # vrp completion fish | source, for example in ~/.config/fish/config.fish
            complete -c vrp -a '(vrp "[suggest]" (commandline -cp | string collect) 2>/dev/null)'
            """,
    };

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", scripts.Keys) + "." };
        shell.AcceptOnlyFromAmong([.. scripts.Keys]);
        var command = new VrpCommand("completion", "Print a script that completes commands and options in a shell.",
            "eval \"$(vrp completion bash)\"",
            "vrp completion fish | source");
        command.AddAll(shell);
        command.SetAction(r => r.InvocationConfiguration.Output.WriteLine(scripts[r.GetValue(shell)!].ReplaceLineEndings("\n")));
        return command;
    }

    /// <summary>Answers <c>vrp "[suggest:N]" "LINE"</c>: what may stand at character N of a line, one word a line. Without N: at its end.</summary>
    /// <returns>Whether that was asked; nothing else is to be run then.</returns>
    public static bool Answer(Command root, string[] arguments, TextWriter output)
    {
        if (arguments.Length == 0 || Directive().Match(arguments[0]) is not { Success: true } directive) return false;
        var line = arguments.Length > 1 ? arguments[1] : "";
        var position = directive.Groups[1].Success ? Math.Min(int.Parse(directive.Groups[1].Value, CultureInfo.InvariantCulture), line.Length) : line.Length;
        // The first word is the program, however it was called.
        var start = line.Length - line.TrimStart().Length;
        var program = line.IndexOf(' ', start) is >= 0 and var blank ? blank + 1 : line.Length;
        if (position < program) return true;
        foreach (var item in root.Parse(line[program..]).GetCompletions(position - program).Select(item => item.Label)
                .Where(label => label is not ("-h" or "-?" or "/h" or "/?")).Distinct())
            output.WriteLine(item);
        return true;
    }

    [GeneratedRegex(@"^\[suggest(?::([0-9]{1,6}))?\]$")]
    private static partial Regex Directive();
}
