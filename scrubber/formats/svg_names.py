"""The names of SVG 2 and CSS that a picture may use: what is not listed here does not stay.

Elements and attributes by SVG 2 and SVG 1.1, filters by Filter Effects 1, timing by SVG
Animations 2, properties and keywords by CSS 2.2 and the modules that SVG 2 names.
"""

# ruff: noqa: SIM905, E501 - names by the line

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
LIVE = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML")
"""Namespaces whose elements a browser shows or obeys."""

ELEMENTS = frozenset(
    """svg g defs symbol use switch a path rect circle ellipse line polyline polygon text tspan
    textPath image linearGradient radialGradient stop pattern clipPath mask marker filter
    style feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
    feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
    feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence animate animateMotion
    animateTransform set mpath""".split()
)  # fmt: skip
OTHERS = frozenset(
    [
        "foreignObject",
        "flowRoot",
        "font",
        "glyph",
        "view",
        "cursor",
        "color-profile",
        "altGlyph",
        "tref",
        "video",
        "audio",
        "iframe",
        "canvas",
        "mesh",
        "hatch",
        "solidcolor",
        "discard",
        "handler",
    ]
)
"""Elements of SVG that are held, by name."""
DESCRIPTIVE = {"title": "TITLE", "desc": "CAPTION", "metadata": "TAG"}
IN_TEXTS = frozenset("tspan textPath a animate set animateTransform animateMotion".split())

PROPERTIES = frozenset(
    """alignment-baseline background background-color baseline-shift block-progression clip
    clip-path clip-rule color color-interpolation color-interpolation-filters color-profile
    color-rendering cursor cx cy d direction display dominant-baseline enable-background
    fill fill-opacity fill-rule filter flood-color flood-opacity font font-family
    font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style
    font-variant font-variant-caps font-variant-east-asian font-variant-ligatures
    font-variant-numeric font-variant-position font-variation-settings font-weight
    glyph-orientation-horizontal glyph-orientation-vertical height image-rendering
    inline-size isolation kerning letter-spacing lighting-color line-height marker
    marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow
    paint-order pointer-events r rx ry shape-image-threshold shape-margin shape-padding
    shape-rendering solid-color solid-opacity stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width text-align text-align-last text-anchor text-decoration
    text-decoration-color text-decoration-line text-decoration-style text-indent
    text-orientation text-overflow text-rendering text-transform transform transform-box
    transform-origin unicode-bidi vector-effect visibility white-space width will-change
    word-spacing writing-mode x y animation animation-delay animation-direction
    animation-duration animation-fill-mode animation-iteration-count animation-play-state
    animation-timing-function transition margin padding border-width
    -webkit-print-color-adjust color-scheme fill-box transition-duration transition-property
    transition-timing-function transition-delay margin-left margin-right margin-top
    margin-bottom padding-left padding-right animation-name max-width max-height min-width
    min-height touch-action user-select""".split()
)  # fmt: skip
ATTRIBUTES = PROPERTIES | frozenset(
    """accumulate additive amplitude attributeName attributeType azimuth baseFrequency baseProfile
    begin bias by calcMode clipPathUnits contentScriptType contentStyleType crossorigin
    decoding diffuseConstant divisor dur dx dy edgeMode elevation end exponent
    externalResourcesRequired fetchpriority filterRes filterUnits fr from fx fy
    gradientTransform gradientUnits href id class in in2 intercept k1 k2 k3 k4 kernelMatrix
    kernelUnitLength keyPoints keySplines keyTimes lang lengthAdjust limitingConeAngle
    markerHeight markerUnits markerWidth maskContentUnits maskUnits max media method min
    mode numOctaves offset operator order orient origin path pathLength patternContentUnits
    patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha
    preserveAspectRatio primitiveUnits radius refX refY repeatCount repeatDur
    requiredExtensions requiredFeatures restart result rotate scale seed side slope spacing
    specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles
    style surfaceScale systemLanguage tableValues targetX targetY textLength to type values
    version viewBox xChannelSelector x1 x2 y1 y2 yChannelSelector z zoomAndPan""".split()
)  # fmt: skip
IGNORED = frozenset(("contentScriptType", "contentStyleType", "externalResourcesRequired",
                     "crossorigin", "decoding", "fetchpriority"))  # fmt: skip
"""Known, and without effect on what is shown."""

FONTS = frozenset(("font-family", "font", "font-feature-settings", "font-variation-settings"))
PATHS = frozenset(("d", "path", "points"))
REFERENCES = frozenset(("in", "in2", "result"))
FUNCTIONS = frozenset(
    """matrix translate translatex translatey translate3d scale scalex scaley scale3d rotate
    rotatex rotatey rotatez rotate3d skew skewx skewy perspective matrix3d rgb rgba hsl hsla
    hwb lab lch oklab oklch color rect inset circle ellipse polygon path calc min max clamp
    blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
    cubic-bezier steps icc-color device-cmyk""".split()
)  # fmt: skip
UNITS = frozenset(
    ["em", "ex", "ch", "rem", "px", "pt", "pc", "cm", "mm", "in", "q", "vw", "vh", "vmin", "vmax", "deg", "grad", "rad", "turn", "s", "ms", "min", "h", "hz", "khz", "fr", "x", "e"]
)  # fmt: skip
COLOURS = frozenset(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk
    crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
    darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue
    dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
    ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo
    ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen
    linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
    mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab
    orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip
    peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue
    saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
    slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet
    wheat white whitesmoke yellow yellowgreen activeborder activecaption appworkspace
    background buttonface buttonhighlight buttonshadow buttontext captiontext graytext
    highlight highlighttext inactiveborder inactivecaption inactivecaptiontext
    infobackground infotext menu menutext scrollbar threeddarkshadow threedface
    threedhighlight threedlightshadow threedshadow window windowframe windowtext canvas
    canvastext linktext visitedtext activetext buttonborder field fieldtext mark marktext
    currentcolor transparent""".split()
)  # fmt: skip
KEYWORDS = COLOURS | frozenset(
    """none inherit initial unset revert auto normal all true false yes no context-fill
    context-stroke url evenodd nonzero butt round square miter miter-clip arcs bevel inline
    block inline-block list-item run-in compact marker table inline-table table-row-group
    table-header-group table-footer-group table-row table-column-group table-column
    table-cell table-caption flex grid contents visible hidden collapse scroll clip ltr rtl
    lr lr-tb rl-tb tb-rl lr rl tb horizontal-tb vertical-rl vertical-lr sideways-rl
    sideways-lr embed bidi-override isolate isolate-override plaintext start middle end left
    right center justify baseline sub super top bottom text-top text-bottom text-before-edge
    text-after-edge before-edge after-edge central mathematical hanging ideographic
    alphabetic use-script no-change reset-size auto-position optimizespeed optimizequality
    optimizelegibility geometricprecision crispedges pixelated smooth high-quality srgb
    linearrgb display-p3 a98-rgb prophoto-rgb rec2020 srgb-linear italic oblique bold bolder
    lighter small-caps all-small-caps petite-caps all-petite-caps unicase titling-caps small
    medium large x-small xx-small x-large xx-large smaller larger condensed semi-condensed
    extra-condensed ultra-condensed expanded semi-expanded extra-expanded ultra-expanded
    wider narrower underline overline line-through blink solid double dotted dashed wavy
    uppercase lowercase capitalize full-width nowrap pre pre-wrap pre-line break-spaces
    multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light
    difference exclusion hue saturation color luminosity plus-lighter luminance alpha fill
    stroke markers painted visiblepainted visiblefill visiblestroke bounding-box stroke-box
    fill-box view-box border-box content-box padding-box margin-box non-scaling-stroke
    non-scaling-size non-rotation fixed-position text over in out atop xor lighter
    arithmetic dilate erode sourcegraphic sourcealpha backgroundimage backgroundalpha
    fillpaint strokepaint duplicate wrap nostitch stitch saturate huerotate luminancetoalpha
    matrix identity discrete table linear gamma fractalnoise turbulence r g b a
    objectboundingbox userspaceonuse strokewidth pad reflect repeat xminymin xmidymin
    xmaxymin xminymid xmidymid xmaxymid xminymax xmidymax xmaxymax meet slice defer align
    stretch exact spacing spacingandglyphs auto-start-reverse new accumulate magnify disable
    full tiny basic indefinite always whennotactive never freeze remove replace sum paced
    spline rotate scale translate skewx skewy css xml freeze ease ease-in ease-out
    ease-in-out step-start step-end infinite alternate reverse alternate-reverse forwards
    backwards both running paused common-ligatures no-common-ligatures
    discretionary-ligatures no-discretionary-ligatures historical-ligatures contextual
    no-contextual lining-nums oldstyle-nums proportional-nums tabular-nums
    diagonal-fractions stacked-fractions ordinal slashed-zero simplified traditional jis78
    jis83 jis90 jis04 ruby mixed upright sideways default pointer crosshair move text-bottom
    preserve economy print light dark only manipulation onload click mouseover mouseout
    mouseenter mouseleave mousedown mouseup focusin focusout touchstart important to
    visiblefill from""".split()
)  # fmt: skip
SELECTORS = ELEMENTS | {"root", "hover", "first-child", "last-child", "active", "focus", "link",
                        "visited", "only-child", "empty", "not", "nth-child", "nth-of-type", "odd",
                        "even", "first-of-type", "last-of-type", "n"}  # fmt: skip
SOURCES = frozenset(
    [
        "SourceGraphic",
        "SourceAlpha",
        "BackgroundImage",
        "BackgroundAlpha",
        "FillPaint",
        "StrokePaint",
    ]
)
DUBLIN_CORE = {
    "creator": "CREATOR", "title": "TITLE", "rights": "COPYRIGHT_NOTICE", "publisher": "CREATOR",
    "date": "EDIT_TIME", "description": "CAPTION", "subject": "KEYWORDS",
    "contributor": "CREATOR", "identifier": "DOCUMENT_ID", "source": "FILE_PATH",
}  # fmt: skip
EDITOR_ATTRIBUTES = {
    "docname": "FILE_PATH", "export-filename": "FILE_PATH", "docbase": "FILE_PATH",
    "absref": "FILE_PATH", "label": "TITLE", "layername": "TITLE", "version": "SOFTWARE",
    "title": "TITLE",
}  # fmt: skip
