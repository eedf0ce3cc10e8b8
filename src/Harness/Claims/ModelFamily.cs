using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>The families that the study printed figures for.</summary>
public enum ModelFamily
{
    /// <summary>LLaVA-1.5: the study's "late fusion".</summary>
    Llava,

    /// <summary>PaliGemma: the study's "early fusion".</summary>
    PaliGemma,

    /// <summary>Qwen2-VL: the study's "early fusion".</summary>
    Qwen2VL,

    /// <summary>Another one, which the study prints nothing for: of imported runs alone.</summary>
    Other,
}

/// <summary>What the study says of a family as a whole.</summary>
public static class StudyFamilies
{
    /// <summary>From a checkpoint's <c>model_type</c>.</summary>
    /// <exception cref="VrpException">A family that the study has no figures for.</exception>
    public static ModelFamily Parse(string modelType) => modelType switch
    {
        "llava" => ModelFamily.Llava,
        "paligemma" => ModelFamily.PaliGemma,
        "qwen2_vl" => ModelFamily.Qwen2VL,
        "other" => ModelFamily.Other,
        _ =>
            throw new VrpException($"model_type \"{modelType}\": the study has figures for llava, paligemma and qwen2_vl. Trace a checkpoint of one of these "
                + "families."),
    };

    /// <summary>The name as the study prints it.</summary>
    public static string Title(this ModelFamily family) => family switch
    {
        ModelFamily.Llava => "LLaVA-1.5-7B",
        ModelFamily.PaliGemma => "PaliGemma-3B",
        ModelFamily.Other => "another model",
        _ => "Qwen2-VL-7B",
    };

    /// <summary>Decoder layers of the checkpoint that the study used: its layer numbers become depths with it.</summary>
    public static int StudyLayers(this ModelFamily family) => family switch
    {
        ModelFamily.Llava => 32,
        ModelFamily.PaliGemma => 18,
        _ => 28,
    };

    /// <summary>The layer whose MLP outputs the study switched off: 31 of 32, 15 of 18, 25 of 28.</summary>
    public static int StudyAblationLayer(this ModelFamily family) => family switch
    {
        ModelFamily.Llava => 31,
        ModelFamily.PaliGemma => 15,
        _ => 25,
    };

    /// <summary>"late" or "early": the study's own names for the families, used as labels and not as a finding.</summary>
    public static string Fusion(this ModelFamily family) => family switch { ModelFamily.Llava => "late", ModelFamily.Other => "other", _ => "early" };

    /// <summary>"centre" where the processor of the checkpoint that the study used cuts the middle square out of an image (transformers: CLIPImageProcessor
    /// do_center_crop), else "none".</summary>
    public static string Crop(this ModelFamily family) => family == ModelFamily.Llava ? "centre" : "none";

    /// <summary>A layer of the study, counted from 0, at the same relative depth l/(L−1) in a model of <paramref name="layers"/> layers.</summary>
    public static int Map(this ModelFamily family, int studyLayer, int layers) =>
        layers == 0 ? 0 : (int)Math.Round(studyLayer / (family.StudyLayers() - 1.0) * (layers - 1), MidpointRounding.AwayFromZero);
}
