namespace Vrp.Models.Tests;

public class TemplateSegmentsTests
{
    [Theory]
    [InlineData("a{% if x %}b{% endif %}", "a|{% if x %}|b|{% endif %}")]
    [InlineData("{%if   x%}", "{% if x %}")]
    [InlineData("a  {%- if x -%}\n  b", "a|{% if x %}|b")]
    [InlineData("a\n  {% if x %}\nb", "a\\n|{% if x %}|b")]          // lstrip_blocks, trim_blocks
    [InlineData("a {{ x }}\nb", "a |{{ x }}|\\nb")]                  // neither concerns expressions
    [InlineData("{{ '%} }}' }}b", "{{ '%} }}' }}|b")]
    [InlineData("{{ \"a  b\" }}", "{{ 'a  b' }}")]
    [InlineData("{# it's #}a", "a")]
    [InlineData("{% generation %}a{% endgeneration %}", "a")]
    [InlineData("a{{ b", "a{{ b")]
    [InlineData("", "")]
    public void Of_Template_CutsAndEvensOut(string template, string segments) => string.Join('|', TemplateSegments.Of(template)).Should().Be(segments);
}
