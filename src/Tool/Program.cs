return await Vrp.Harness.Cli.Program.Main(args);
